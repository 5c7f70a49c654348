/// Writes one JSON object, member by member, in the order of the calls.
struct JSONLine {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true

    /// The line of a record of `kind`, without its end.
    init(_ kind: StaticString) {
        bytes.reserveCapacity(256)
        bytes.append(UInt8(ascii: "{"))
        name("t")
        JSONLine.string(String(describing: kind), &bytes)
    }

    /// An object within a line, built by `body`.
    private init() { bytes.append(UInt8(ascii: "{")) }

    static func object(_ body: (inout JSONLine) -> Void) -> [UInt8] {
        var line = JSONLine()
        body(&line)
        return line.finished()
    }

    /// The object, which ends with this.
    mutating func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func name(_ name: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func put(_ name: StaticString, _ value: Int?) {
        guard let value else { return }
        self.name(name)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func put(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        self.name(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    mutating func put(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        self.name(name)
        JSONLine.number(value, &bytes)
    }

    mutating func put(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        self.name(name)
        JSONLine.string(value, &bytes)
    }

    mutating func put(_ name: StaticString, raw value: [UInt8]?) {
        guard let value else { return }
        self.name(name)
        bytes.append(contentsOf: value)
    }

    mutating func null(_ name: StaticString) {
        self.name(name)
        bytes.append(contentsOf: "null".utf8)
    }

    /// An array, each element written by `body`.
    mutating func put<T>(
        _ name: StaticString, _ values: some Collection<T>, _ body: (T, inout [UInt8]) -> Void
    ) {
        self.name(name)
        JSONLine.array(values, &bytes, body)
    }

    mutating func put(_ name: StaticString, _ values: [Int]) {
        put(name, values) { $1.append(contentsOf: String($0).utf8) }
    }

    mutating func put(_ name: StaticString, _ values: [Double]) {
        put(name, values, JSONLine.number)
    }

    mutating func put(_ name: StaticString, _ values: [String?]) {
        put(name, values) { text, bytes in
            if let text { JSONLine.string(text, &bytes) } else { bytes += "null".utf8 }
        }
    }

    /// An object of counts, sorted by name.
    mutating func put(_ name: StaticString, _ values: [String: Int]) {
        put(name, .object(values.mapValues { .number(Double($0)) }))
    }

    mutating func put(_ name: StaticString, _ value: TraceJSON) {
        self.name(name)
        JSONLine.json(value, &bytes)
    }

    static func array<T>(
        _ values: some Collection<T>, _ bytes: inout [UInt8], _ body: (T, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for value in values {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            body(value, &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The shortest decimal that is read back as `value`; whole numbers without a point.
    static func number(_ value: Double, _ bytes: inout [UInt8]) {
        if value.isNaN {
            bytes.append(contentsOf: "\"NaN\"".utf8)
        } else if value.isInfinite {
            bytes.append(contentsOf: (value < 0 ? "\"-Infinity\"" : "\"Infinity\"").utf8)
        } else if value == value.rounded(.towardZero), abs(value) < 1e15 {
            if value == 0, value.sign == .minus { bytes.append(UInt8(ascii: "-")) }
            bytes.append(contentsOf: String(Int(value)).utf8)
        } else {
            var text = value.description
            if text.hasSuffix(".0") { text.removeLast(2) }
            bytes.append(contentsOf: text.utf8)
        }
    }

    static func string(_ text: String, _ bytes: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case ..<0x20, 0x7F:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Any value; the members of objects sorted by name.
    static func json(_ value: TraceJSON, _ bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value): number(value, &bytes)
        case .string(let text): string(text, &bytes)
        case .array(let values): array(values, &bytes, json)
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (i, (name, value)) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if i > 0 { bytes.append(UInt8(ascii: ",")) }
                string(name, &bytes)
                bytes.append(UInt8(ascii: ":"))
                json(value, &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
