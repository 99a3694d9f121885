/// Makes the cases of one kind, and the files that they are about.
protocol CaseMaker {
    static var kind: CaseKind { get }
    /// Adds files and cases to the plan; equal seeds add equal ones.
    static func add(to draft: inout PlanDraft)
}
