/// A run that cannot go on, in one line: what is wrong, and what to do about it.
public struct RunError: Error, CustomStringConvertible, Equatable {
    /// The whole message, without a line end.
    public let description: String

    /// An error that reads `problem; advice`.
    public init(_ problem: String, advice: String) {
        description = "\(problem); \(advice)"
    }
}
