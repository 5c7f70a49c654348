import Foundation

/// Reads JSON as `JSONSerialization` does, with one difference: a number becomes the nearest
/// Double. Foundation on Linux misses it in the last place for every third number or so, which
/// moves a function near its root, or a value at a step, by more than a replay may allow.
struct ExactJSON {
    private let bytes: [UInt8]
    private var place = 0
    private var depth = 0

    /// The value in `data`: NSNull, NSNumber, String, [Any] or [String: Any].
    static func value(_ data: Data) throws -> Any {
        var reader = ExactJSON(bytes: Array(data))
        let value = try reader.value()
        reader.skipSpace()
        guard reader.place == reader.bytes.count else {
            throw reader.malformed("more than a value")
        }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func malformed(_ what: String) -> Malformed {
        Malformed("the line is no JSON: \(what) at byte \(place)")
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) { place += 1 }
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func value() throws -> Any {
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try nested { reader in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader in try reader.list() }
        case UInt8(ascii: "\""): return try text()
        case UInt8(ascii: "t"): return try word("true", NSNumber(value: true))
        case UInt8(ascii: "f"): return try word("false", NSNumber(value: false))
        case UInt8(ascii: "n"): return try word("null", NSNull())
        default: return try number()
        }
    }

    private mutating func nested(_ body: (inout ExactJSON) throws -> Any) throws -> Any {
        // Each level is a call: a line of brackets alone must not exhaust the stack.
        guard depth < 256 else { throw malformed("too many brackets") }
        depth += 1
        place += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func object() throws -> Any {
        var object: [String: Any] = [:]
        if takes("}") { return object }
        repeat {
            skipSpace()
            let key = try text()
            guard takes(":") else { throw malformed("no ':' after a key") }
            object[key] = try value()
        } while takes(",")
        guard takes("}") else { throw malformed("no '}'") }
        return object
    }

    private mutating func list() throws -> Any {
        var list: [Any] = []
        if takes("]") { return list }
        repeat { list.append(try value()) } while takes(",")
        guard takes("]") else { throw malformed("no ']'") }
        return list
    }

    private mutating func word(_ word: String, _ value: Any) throws -> Any {
        guard bytes[place...].starts(with: word.utf8) else { throw malformed("no value") }
        place += word.utf8.count
        return value
    }

    /// Text without escapes is taken as it is; Foundation reads the others.
    private mutating func text() throws -> String {
        guard next == UInt8(ascii: "\"") else { throw malformed("no text") }
        let start = place
        place += 1
        var isPlain = true
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                place += 1
            }
            place += 1
        }
        guard next != nil else { throw malformed("no end of a text") }
        place += 1
        if isPlain { return String(decoding: bytes[(start + 1)..<(place - 1)], as: UTF8.self) }
        let quoted = Data(bytes[start..<place])
        guard
            let text = try? JSONSerialization.jsonObject(with: quoted, options: .fragmentsAllowed),
            let text = text as? String
        else { throw malformed("a text that cannot be read ends") }
        return text
    }

    private mutating func number() throws -> NSNumber {
        let start = place
        var isWhole = true
        loop: while let byte = next {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"):
                isWhole = false
            default: break loop
            }
            place += 1
        }
        let digits = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let whole = Int(digits) { return NSNumber(value: whole) }
        guard let value = Double(digits), value.isFinite else { throw malformed("no value") }
        return NSNumber(value: value)
    }
}
