/// A producer or consumer as its connection sees it. Called on the connection's event loop, never concurrently.
protocol ConnectionEndpoint: AnyObject, Sendable {
    func received(_ part: WireCommand.OneOf_Part, on connection: Connection)
    func received(_ message: WireMessage, _ entry: Entry, on connection: Connection)
    /// - Parameter receipts: of this endpoint, in the order in which the broker sent them.
    func received(_ receipts: ArraySlice<SendReceipt>, on connection: Connection)
    /// Nothing more will come of this connection.
    func connectionClosed(_ connection: Connection, _ error: PulsarError)
}
