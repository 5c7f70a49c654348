/// What went wrong in a tensor operation: which, with what, what was expected, what to do.
public struct TensorError: Error, Sendable, CustomStringConvertible {
    /// The families of mistake.
    public enum Kind: Sendable, Hashable {
        /// Sizes, element types, devices or positions that do not fit.
        case shape, dtype, device, index
        /// No graph, or a root that is not a scalar.
        case autograd
        /// A second pass over a graph whose saved tensors were freed.
        case graphFreed
        /// A write that autograd forbids, or that broke a saved tensor.
        case inPlace
        /// A NaN or an infinity where none was wanted.
        case anomaly
        /// Any other bad argument.
        case argument
    }

    /// Which family of mistake it is.
    public let kind: Kind
    /// One line: what happened, where, what was expected, what to do.
    public let message: String
    /// The public name of the operation, such as "add" or "matmul".
    public let operation: String?
    /// What it is about, for observers.
    package var evidence: Evidence?

    /// An error; the door adds the operation's name to those that operations throw. A line break in
    /// the message, as the name of something may have one, is written as `\n`.
    public init(_ kind: Kind, _ message: String, operation: String? = nil) {
        self.kind = kind
        self.message = TensorError.line(message)
        self.operation = operation
    }

    /// The operation's name and the message.
    public var description: String {
        operation.map { "\($0): \(message)" } ?? message
    }
}

extension TensorError {
    /// `text` on one line.
    package static func line(_ text: String) -> String {
        if !text.contains(where: \.isNewline) { return text }
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .joined(separator: "\\n")
    }
}
