/// Reads the JSON of one tensor, and nothing else: any other text is a `RequestError` that tells
/// where it leaves off being one.
struct TensorReader {
    private let bytes: [UInt8]
    private var position = 0

    /// Arrays within arrays. More than a tensor's dimensions, and few enough for the stack.
    private static let deepest = 16

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() throws(RequestError) -> TensorText {
        var text = TensorText()
        var names: Set<String> = []
        try expect("{")
        repeat {
            let name = try word()
            guard names.insert(name).inserted else {
                throw RequestError("\(name) is given twice")
            }
            try expect(":")
            switch name {
            case "values": text.sizes = try array(depth: 0, into: &text.values)
            case "shape": text.shape = try shape()
            case "dtype": text.dtype = try word()
            default:
                throw RequestError("there is no member \(name); give values, shape and dtype")
            }
        } while take(",")
        try expect("}")
        skipSpace()
        if position < bytes.count { throw unexpected("the end") }
        guard names.contains("values") else {
            throw RequestError("values are missing; give values, and a shape or a dtype if need be")
        }
        return text
    }

    /// Appends the numbers of an array, or one number, and returns the sizes of the array.
    private mutating func array(
        depth: Int, into values: inout [Double]
    ) throws(RequestError) -> [Int] {
        guard take("[") else {
            values.append(try number())
            return []
        }
        guard depth < Self.deepest else {
            throw RequestError("values are nested over \(Self.deepest) deep")
        }
        if take("]") { return [0] }
        let inner = try array(depth: depth + 1, into: &values)
        var count = 1
        while take(",") {
            let next = try array(depth: depth + 1, into: &values)
            guard next == inner else {
                throw RequestError(
                    "values are ragged: \(Self.words(next)) follows \(Self.words(inner)), up to "
                        + "byte \(position)")
            }
            count += 1
        }
        try expect("]")
        return [count] + inner
    }

    private static func words(_ sizes: [Int]) -> String {
        sizes.isEmpty
            ? "a number" : "an array of \(sizes.map(String.init).joined(separator: " x "))"
    }

    private mutating func shape() throws(RequestError) -> [Int] {
        var numbers: [Double] = []
        let dimensions = try array(depth: 0, into: &numbers)
        guard dimensions.count == 1 else { throw RequestError("shape is an array of sizes") }
        var sizes: [Int] = []
        for number in numbers {
            guard let size = Int(exactly: number) else {
                throw RequestError("shape holds \(number), which is no size")
            }
            sizes.append(size)
        }
        return sizes
    }

    private mutating func number() throws(RequestError) -> Double {
        skipSpace()
        let start = position
        while position < bytes.count, Self.isOfNumber(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard text.first != "+", let number = Double(text), number.isFinite else {
            if position == start { throw unexpected("a number") }
            throw RequestError("\(text.prefix(40)) at byte \(start) is no number")
        }
        return number
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// A text of letters and digits, in quotation marks: no name here has another.
    private mutating func word() throws(RequestError) -> String {
        try expect("\"")
        let start = position
        while position < bytes.count, Self.isOfWord(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw unexpected("a quotation mark")
        }
        position += 1
        return text
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
            position += 1
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(RequestError) {
        if !take(character) { throw unexpected("\(character)") }
    }

    private func unexpected(_ expected: String) -> RequestError {
        RequestError(
            position < bytes.count
                ? "byte \(position) of the body is not what was expected, \(expected)"
                : "the body ends after \(bytes.count) bytes, where \(expected) was expected")
    }
}
