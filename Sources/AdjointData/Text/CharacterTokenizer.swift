import AdjointCore

/// The characters of a vocabulary, numbered: special numbers first, then the characters.
///
/// A character is a Unicode scalar, as in Python, so that every text of the vocabulary's characters
/// comes back as it was.
public struct CharacterTokenizer: Tokenizer {
    /// The special names, then the characters; a number is a place in here, and all that
    /// `init(vocabulary:special:unknown:)` needs.
    public let vocabulary: [String]
    public let special: [String: Int]
    /// The number that characters outside of the vocabulary get; nil where they are an error.
    public let unknown: Int?
    private let numbers: [Unicode.Scalar: Int]

    /// The characters of `text`, sorted by their code.
    ///
    /// - Parameters:
    ///   - text: Whose characters are the vocabulary.
    ///   - special: Names of numbers that stand for no text, such as "<pad>", from 0 on.
    ///   - unknown: The special name of all characters that `text` does not have.
    /// - Errors: `.argument` where a name comes twice, or `unknown` is not special.
    public init(vocabularyOf text: String, special: [String] = [], unknown: String? = nil) {
        let characters = Set(text.unicodeScalars).sorted().map { String(Character($0)) }
        self.init(vocabulary: special + characters, special: special, unknown: unknown)
    }

    /// A vocabulary as `vocabulary` gave it.
    ///
    /// - Parameters:
    ///   - vocabulary: All names, by their numbers.
    ///   - special: The first names of `vocabulary`, which stand for no text.
    ///   - unknown: The special name of all characters that are not in the vocabulary.
    /// - Errors: `.argument` where a name comes twice, the special ones are not the first, or a
    ///   further one is not a single character.
    public init(vocabulary: [String], special: [String] = [], unknown: String? = nil) {
        let operation = "CharacterTokenizer"
        self.vocabulary = vocabulary
        self.special = numbered(special, from: 0, operation)
        self.unknown = unknown.flatMap { name in special.firstIndex(of: name) }
        var numbers: [Unicode.Scalar: Int] = [:]
        var problem: String?
        if !vocabulary.starts(with: special) {
            problem = "the special names must be the first of the vocabulary"
        }
        if let unknown, self.unknown == nil {
            problem = "\(DataFileError.quoted(unknown)) is none of the special names"
        }
        for (number, text) in vocabulary.enumerated().dropFirst(special.count) {
            guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1,
                numbers.updateValue(number, forKey: scalar) == nil
            else {
                problem = "\(DataFileError.quoted(text)) is no single character, or comes twice"
                continue
            }
        }
        self.numbers = numbers
        if let problem {
            Failure.raise(TensorError(.argument, problem, operation: operation))
        }
    }

    public var count: Int { vocabulary.count }

    public func encode(_ text: String) throws -> [Int] {
        try text.unicodeScalars.map { scalar in
            guard let number = numbers[scalar] ?? unknown else {
                throw TokenizerError(
                    "the character \(DataFileError.quoted(String(Character(scalar)))) (U+"
                        + String(scalar.value, radix: 16, uppercase: true)
                        + ") is not in the vocabulary of \(count); build it from text that has it, "
                        + "or name a special number for unknown characters")
            }
            return number
        }
    }

    public func decode(_ tokens: [Int], keepingSpecial: Bool) -> String {
        var text = ""
        for token in tokens {
            guard vocabulary.indices.contains(token) else {
                raiseUnknown(token, count, "CharacterTokenizer")
                continue
            }
            if token >= special.count || keepingSpecial {
                text.unicodeScalars.append(contentsOf: vocabulary[token].unicodeScalars)
            }
        }
        return text
    }
}
