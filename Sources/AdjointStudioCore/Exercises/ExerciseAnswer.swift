/// What a learner sends.
public struct ExerciseAnswer: Sendable, Decodable {
    /// The fields of the form, as they were typed.
    public var answers: [String: String]
    /// The lines of a loop, by name and in order.
    public var blocks: [String]
    /// Chooses the points at which formulas are tried; the same seed tries the same points.
    public var seed: Int

    /// An answer, whole or in part.
    public init(answers: [String: String] = [:], blocks: [String] = [], seed: Int = 0) {
        self.answers = answers
        self.blocks = blocks
        self.seed = seed
    }

    private enum Key: CodingKey {
        case answers
        case blocks
        case seed
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        answers = try container.decodeIfPresent([String: String].self, forKey: .answers) ?? [:]
        blocks = try container.decodeIfPresent([String].self, forKey: .blocks) ?? []
        seed = try container.decodeIfPresent(Int.self, forKey: .seed) ?? 0
    }

    /// What was typed into `field`, without the blank space around it; nil where nothing was.
    func text(_ field: String) -> String? {
        guard let text = answers[field] else { return nil }
        let trimmed = text.drop { $0.isWhitespace }
        guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(trimmed[...last].prefix(500))
    }
}
