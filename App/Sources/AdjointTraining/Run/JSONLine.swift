/// A JSON object on one line whose members keep their order.
public struct JSONLine: CustomStringConvertible, Sendable {
    /// What a member can be.
    public enum Value: Sendable {
        case text(String)
        case integer(Int)
        case number(Double)
        case list([Value])
        case null
    }

    private let members: [(name: String, value: Value)]

    /// An object with `members` in this order.
    public init(_ members: [(name: String, value: Value)]) { self.members = members }

    /// The object, without a line end. Numbers that JSON cannot spell (nan, infinity) are null.
    public var description: String {
        "{"
            + members.map { "\(Self.quoted($0.name)): \(Self.text($0.value))" }
            .joined(separator: ", ") + "}"
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .integer(let integer): String(integer)
        case .number(let number): number.isFinite ? "\(number)" : "null"
        case .list(let values): "[" + values.map(text).joined(separator: ", ") + "]"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
