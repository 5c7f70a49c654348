/// A reader of the one Python literal that NumPy's headers are: a dictionary of a string, a truth
/// value and a tuple of whole numbers. Nothing else is understood, and nothing is evaluated.
struct PythonDictionary {
    /// Why a header could not be read.
    struct Failure: Error { let problem: String }

    private enum Value {
        case text(String)
        case flag(Bool)
        case sizes([Int])
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The three entries that a header has, in any order.
    mutating func header() throws(Failure) -> (type: String, isFortran: Bool, shape: [Int]) {
        var members: [String: Value] = [:]
        try take("{")
        while !skip("}") {
            let name = try string()
            try take(":")
            if members.updateValue(try value(), forKey: name) != nil {
                throw Failure(problem: "an entry appears twice")
            }
            if !skip(",") {
                try take("}")
                break
            }
        }
        guard next() == nil else { throw Failure(problem: "something follows the dictionary") }
        guard members.count == 3, case .text(let type)? = members["descr"],
            case .flag(let isFortran)? = members["fortran_order"],
            case .sizes(let shape)? = members["shape"]
        else { throw Failure(problem: "descr, fortran_order and shape were expected") }
        return (type, isFortran, shape)
    }

    /// The next byte that is no space; nil at the end.
    private mutating func next() -> UInt8? {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
            position += 1
        }
        return position < bytes.count ? bytes[position] : nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next() == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) throws(Failure) {
        if !skip(character) { throw Failure(problem: "\"\(character)\" was expected") }
    }

    private mutating func value() throws(Failure) -> Value {
        switch next() {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "("): return .sizes(try sizes())
        case UInt8(ascii: "["):
            throw Failure(problem: "its elements are records of several fields")
        default:
            for (word, flag) in [("True", true), ("False", false)]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return .flag(flag)
            }
            throw Failure(problem: "a value is neither text, a truth value nor a shape")
        }
    }

    private mutating func string() throws(Failure) -> String {
        guard let quote = next(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw Failure(problem: "a string was expected")
        }
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: quote) else {
            throw Failure(problem: "a string does not end")
        }
        position = end + 1
        guard let text = String(validating: bytes[start..<end], as: UTF8.self),
            !text.contains("\\")
        else { throw Failure(problem: "a string holds what no type's name has") }
        return text
    }

    private mutating func sizes() throws(Failure) -> [Int] {
        var sizes: [Int] = []
        try take("(")
        while !skip(")") {
            sizes.append(try number())
            if !skip(",") {
                try take(")")
                break
            }
        }
        return sizes
    }

    private mutating func number() throws(Failure) -> Int {
        _ = next()
        let start = position
        var number = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            let (tens, over) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position] - 0x30))
            if over || carry { throw Failure(problem: "a size is too large") }
            number = sum
            position += 1
        }
        if position == start { throw Failure(problem: "a size that is not negative was expected") }
        // Python 2 marked long numbers with a letter.
        if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
        return number
    }
}
