/// Reads one JSON value of bytes that nobody vouches for: a bounded depth, no recursion beyond it,
/// an error in place of every surprise.
struct JSONParser {
    /// Why a text could not be read, and at which byte.
    struct Failure: Error, Equatable {
        let problem: String
        let offset: Int
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private let depth: Int

    /// The value that `bytes` hold, with nothing after it but spaces.
    static func parse(_ bytes: ArraySlice<UInt8>, depth: Int = 64) throws(Failure) -> TraceJSON {
        var parser = JSONParser(bytes: bytes, position: bytes.startIndex, depth: depth)
        let value = try parser.value(0)
        parser.skipSpace()
        if parser.position < bytes.endIndex {
            throw parser.failure("there is something after the end")
        }
        return value
    }

    private func failure(_ problem: String) -> Failure {
        Failure(problem: problem, offset: position - bytes.startIndex)
    }

    private mutating func skipSpace() {
        while position < bytes.endIndex {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func peek() throws(Failure) -> UInt8 {
        skipSpace()
        if position == bytes.endIndex { throw failure("the text ends too early") }
        return bytes[position]
    }

    private mutating func value(_ level: Int) throws(Failure) -> TraceJSON {
        let byte = try peek()
        switch byte {
        case UInt8(ascii: "{"):
            if level >= depth { throw failure("it is nested more than \(depth) deep") }
            return try object(level)
        case UInt8(ascii: "["):
            if level >= depth { throw failure("it is nested more than \(depth) deep") }
            return try array(level)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try number())
        default: throw failure("a value was expected")
        }
    }

    private mutating func word(_ word: StaticString, _ value: TraceJSON) throws(Failure)
        -> TraceJSON
    {
        let end = position + word.utf8CodeUnitCount
        let matches = word.withUTF8Buffer {
            end <= bytes.endIndex && bytes[position..<end].elementsEqual($0)
        }
        if !matches { throw failure("a value was expected") }
        position = end
        return value
    }

    private mutating func object(_ level: Int) throws(Failure) -> TraceJSON {
        var members: [String: TraceJSON] = [:]
        position += 1
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            if try peek() != UInt8(ascii: "\"") { throw failure("a name was expected") }
            let name = try string()
            if try peek() != UInt8(ascii: ":") { throw failure("a colon was expected") }
            position += 1
            if members.updateValue(try value(level + 1), forKey: name) != nil {
                throw failure("a name appears twice in an object")
            }
            switch try peek() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                position += 1
                return .object(members)
            default: throw failure("a comma or the object's end was expected")
            }
        }
    }

    private mutating func array(_ level: Int) throws(Failure) -> TraceJSON {
        var elements: [TraceJSON] = []
        position += 1
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(level + 1))
            switch try peek() {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                position += 1
                return .array(elements)
            default: throw failure("a comma or the array's end was expected")
            }
        }
    }

    /// A number by JSON's grammar, rounded to the nearest `Double`.
    private mutating func number() throws(Failure) -> Double {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let first = position
        try digits()
        if bytes[first] == UInt8(ascii: "0"), position > first + 1 {
            throw failure("a number begins with a 0 too many")
        }
        if position < bytes.endIndex, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if position < bytes.endIndex, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.endIndex,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            try digits()
        }
        let text = bytes[start..<position]
        // Whole numbers of up to 15 digits, which most are, need no library.
        if text.count <= 15, text.dropFirst().allSatisfy({ $0 & 0xF0 == 0x30 && $0 <= 0x39 }) {
            let isNegative = text.first == UInt8(ascii: "-")
            var whole = 0
            for byte in isNegative ? text.dropFirst() : text { whole = whole * 10 + Int(byte & 15) }
            return isNegative ? -Double(whole) : Double(whole)
        }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            throw failure("a number is larger than 64 bits can hold")
        }
        return value
    }

    private mutating func digits() throws(Failure) {
        let start = position
        while position < bytes.endIndex, bytes[position] >= 0x30, bytes[position] <= 0x39 {
            position += 1
        }
        if position == start { throw failure("a digit was expected") }
    }

    private mutating func string() throws(Failure) -> String {
        position += 1
        let start = position
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try text(bytes[start..<position])
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escaped(start) }
            if byte < 0x20 { throw failure("a control character stands in a string") }
            position += 1
        }
        throw failure("a string does not end")
    }

    private func text(_ bytes: some Collection<UInt8>) throws(Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure("a string is not UTF-8")
        }
        return text
    }

    /// A string with escapes, which begins at `start` and has its first escape here.
    private mutating func escaped(_ start: Int) throws(Failure) -> String {
        var result = Array(bytes[start..<position])
        while position < bytes.endIndex {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try text(result)
            case UInt8(ascii: "\\"): result.append(contentsOf: try escape())
            case ..<0x20: throw failure("a control character stands in a string")
            default: result.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    private mutating func escape() throws(Failure) -> [UInt8] {
        guard position < bytes.endIndex else { throw failure("a string does not end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if code & 0xFC00 == 0xD800, position + 1 < bytes.endIndex,
                bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimal()
                if low & 0xFC00 != 0xDC00 { throw failure("half a character is missing") }
                code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
            }
            guard let scalar = UnicodeScalar(code) else {
                throw failure("half a character is missing")
            }
            return Array(String(Character(scalar)).utf8)
        default: throw failure("there is no such escape")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.endIndex else { throw failure("a string does not end") }
        var code: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits were expected")
            }
            code = code << 4 | UInt32(digit)
        }
        position += 4
        return code
    }
}
