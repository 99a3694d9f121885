import HTTPTypes
import Hearth
import Hummingbird

/// `GET /`: a page to look around and to ask.
struct PageRoute: Sendable {
    func add(to table: inout RouteTable) {
        table.on(.get, "/") { _, _ in
            // The nonce allows this one script and nothing that an answer might smuggle in.
            let nonce = CorrelationID.next().rawValue
            var response = Response.text(Page.html(nonce: nonce), type: "text/html; charset=utf-8")
            response.headers[.contentSecurityPolicy] =
                "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            response.headers[.cacheControl] = "no-store"
            return response
        }
    }
}
