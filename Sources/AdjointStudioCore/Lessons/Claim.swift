/// Something a lesson states, beside its text: what it is about, its value, and the name of the
/// proof that computes the value with the library.
public struct Claim: Sendable, Codable, Equatable {
    /// How the lesson's text refers to it: `{slope}`.
    public let id: String
    /// What the value is of, for a reader: `x.grad`.
    public let claim: String
    /// What the lesson states, and what the proof must give.
    public let value: ClaimValue
    /// A name of `LessonProof.all`.
    public let proof: String
}

/// The value of a claim: a number, several, or text such as the kind of an error. In JSON it is
/// just that.
public enum ClaimValue: Sendable, Equatable, Codable {
    /// One number.
    case number(Double)
    /// Several numbers.
    case numbers([Double])
    /// A text.
    case text(String)
    /// Several texts.
    case texts([String])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let numbers = try? container.decode([Double].self) {
            self = .numbers(numbers)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .texts(try container.decode([String].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .numbers(let numbers): try container.encode(numbers)
        case .text(let text): try container.encode(text)
        case .texts(let texts): try container.encode(texts)
        }
    }
}
