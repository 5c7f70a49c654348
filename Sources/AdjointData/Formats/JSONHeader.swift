/// The JSON that headers of tensor files are written in: objects, arrays, strings and whole
/// numbers that are not negative. Anything else is refused, or passed over where it is allowed.
enum JSONValue: Equatable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    case number(Int)
    /// A fraction, a negative number, a truth value or null, where those are allowed.
    case other
}

/// A strict reader of `JSONValue`: no repeated keys, no trailing bytes but spaces, a bounded depth.
struct JSONReader {
    /// Why a text could not be read, and at which byte.
    struct Failure: Error {
        let problem: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private static let deepest = 8

    private let allowsOthers: Bool

    /// - Parameter allowsOthers: Whether other values than headers need are passed over.
    static func read(
        _ bytes: [UInt8], allowsOthers: Bool = false
    ) throws(Failure) -> JSONValue {
        var reader = JSONReader(bytes: bytes, allowsOthers: allowsOthers)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        if reader.position < bytes.count { throw reader.failure("something after the end") }
        return value
    }

    private func failure(_ problem: String) -> Failure {
        Failure(problem: problem, offset: position)
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
            position += 1
        }
    }

    /// The next byte that is no space, which stays.
    private mutating func peek() throws(Failure) -> UInt8 {
        skipSpace()
        if position == bytes.count { throw failure("the text ends too early") }
        return bytes[position]
    }

    private mutating func take(_ character: UInt8) throws(Failure) {
        if try peek() != character {
            throw failure("\"\(Character(UnicodeScalar(character)))\" was expected")
        }
        position += 1
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        if depth > JSONReader.deepest { throw failure("it is nested too deeply") }
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case _ where allowsOthers && other(): return .other
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw failure("an object, an array, a string or a whole number was expected")
        }
    }

    private mutating func object(_ depth: Int) throws(Failure) -> JSONValue {
        var members: [String: JSONValue] = [:]
        try take(UInt8(ascii: "{"))
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            if try peek() != UInt8(ascii: "\"") { throw failure("a name was expected") }
            let name = try string()
            try take(UInt8(ascii: ":"))
            let member = try value(depth: depth + 1)
            if members.updateValue(member, forKey: name) != nil {
                throw failure("the name \(DataFileError.quoted(name)) appears twice")
            }
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try take(UInt8(ascii: "}"))
            return .object(members)
        }
    }

    private mutating func array(_ depth: Int) throws(Failure) -> JSONValue {
        var elements: [JSONValue] = []
        try take(UInt8(ascii: "["))
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try take(UInt8(ascii: "]"))
            return .array(elements)
        }
    }

    /// Passes over a word or a number that is not whole; false where none begins.
    private mutating func other() -> Bool {
        let word = bytes[position...].prefix(64).prefix { byte in
            "+-.".utf8.contains(byte) || Character(UnicodeScalar(byte)).isLetter
                || Character(UnicodeScalar(byte)).isNumber
        }
        let text = String(decoding: word, as: UTF8.self)
        guard
            ["true", "false", "null"].contains(text) || (Int(text) ?? -1 < 0 && Double(text) != nil)
        else { return false }
        position += word.count
        return true
    }

    private mutating func number() throws(Failure) -> Int {
        let start = position
        var result = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (tens, over) = result.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
            if over || carry { throw failure("a number is too large") }
            result = sum
            position += 1
        }
        if position - start > 1, bytes[start] == 0x30 { throw failure("a number begins with 0") }
        return result
    }

    private mutating func string() throws(Failure) -> String {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw failure("a string is not valid UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): text += String(try escaped()).utf8
            case 0..<0x20: throw failure("a string holds a control character")
            default: text.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escaped() throws(Failure) -> UnicodeScalar {
        guard position < bytes.count else { throw failure("a string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(byte)
        case UInt8(ascii: "u"):
            let high = try hexadecimal()
            if let scalar = UnicodeScalar(high) { return scalar }
            // The first half of a pair: characters beyond 16 bits are written as two.
            guard (0xD800..<0xDC00).contains(high), position + 1 < bytes.count,
                bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            else { throw failure("half of a surrogate pair stands alone") }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            else { throw failure("half of a surrogate pair stands alone") }
            return scalar
        default: throw failure("an unknown escape")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.count,
            bytes[position..<(position + 4)].allSatisfy({
                Character(UnicodeScalar($0)).isHexDigit
            }),
            let value = UInt32(
                String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16)
        else { throw failure("an escape of four hexadecimal digits was expected") }
        position += 4
        return value
    }
}
