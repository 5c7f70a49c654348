/// A trace that cannot be written in the form asked for: what is wrong, and what to do.
public struct ExportError: Error, CustomStringConvertible, Hashable, Sendable {
    /// What kind of mistake it is.
    public enum Kind: String, Sendable {
        /// More than the readers of the format take.
        case tooLarge
        /// The moment asked for is not in the trace.
        case noSuchEvent
        /// The trace holds nothing of what the format shows.
        case nothingToShow
    }

    /// What kind of mistake it is.
    public let kind: Kind
    /// What happened, and what was expected.
    public let problem: String
    /// What the reader of the message can do.
    public let advice: String

    /// An error in words.
    public init(_ kind: Kind, problem: String, advice: String) {
        self.kind = kind
        self.problem = problem
        self.advice = advice
    }

    /// One line: the problem, then the advice.
    public var description: String { "\(problem); \(advice)" }
}
