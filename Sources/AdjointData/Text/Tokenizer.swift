import AdjointCore

/// Texts as numbers, and back.
public protocol Tokenizer: Sendable {
    /// How many numbers there are, special ones included: 0..<count.
    var count: Int { get }
    /// The special ones, by name. They stand for no text: `encode` never gives them, except one
    /// for unknown characters.
    var special: [String: Int] { get }
    /// The numbers of `text`.
    ///
    /// - Throws: `TokenizerError` for a character that has none.
    func encode(_ text: String) throws -> [Int]
    /// The text of numbers; special ones are left out unless asked for.
    ///
    /// - Errors: `.index` for a number that is not there.
    func decode(_ tokens: [Int], keepingSpecial: Bool) -> String
}

extension Tokenizer {
    /// The text of numbers, the special ones left out.
    ///
    /// - Errors: `.index` for a number that is not there.
    public func decode(_ tokens: [Int]) -> String { decode(tokens, keepingSpecial: false) }
}

/// A text that a tokeniser has no numbers for.
public struct TokenizerError: Error, CustomStringConvertible, Hashable, Sendable {
    /// What is wrong, and what to do, on one line.
    public let description: String

    /// An error that says this.
    public init(_ description: String) { self.description = TensorError.line(description) }
}
