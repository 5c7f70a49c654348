import CAdjoint

/// Numbers as text, all of one width, in the form that suits them together: whole, with four
/// decimals, or scientific where they span more than three powers of ten. PyTorch's rules.
struct NumberColumns {
    static let precision = 4
    /// The numbers, in the order of the block.
    let texts: [String]
    /// What a column is taken to need; zeros, and what is not finite, may be wider.
    let width: Int

    init(_ block: Block) throws(TensorError) {
        let count = block.numel
        if block.dtype.isFloatingPoint {
            let numbers = try CPU.dense(block, .float64)
            self.init(floats: (0..<count).map { numbers.elements(Double.self)[$0] })
        } else if block.dtype == .bool {
            let bytes = try CPU.dense(block, .bool)
            self.init((0..<count).map { bytes.elements(UInt8.self)[$0] != 0 ? "true" : "false" })
        } else {
            let numbers = try CPU.dense(block, .int64)
            self.init((0..<count).map { String(numbers.elements(Int64.self)[$0]) })
        }
    }

    private init(_ texts: [String], width: Int? = nil) {
        let width = width ?? texts.reduce(1) { max($0, $1.count) }
        self.texts = texts.map { String(repeating: " ", count: max(0, width - $0.count)) + $0 }
        self.width = width
    }

    private init(floats values: [Double]) {
        let usual = values.filter { $0.isFinite && $0 != 0 }
        let largest = usual.reduce(0) { max($0, abs($1)) }
        let smallest = usual.reduce(.infinity) { min($0, abs($1)) }
        let isWhole = usual.allSatisfy { $0 == $0.rounded(.up) }
        let isScientific =
            !usual.isEmpty && (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4)
        func written(_ value: Double) -> String {
            if !value.isFinite { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
            if isScientific { return Self.formatted(value, Self.precision, scientific: true) }
            return isWhole
                ? Self.formatted(value, 0, scientific: false) + "."
                : Self.formatted(value, Self.precision, scientific: false)
        }
        let texts = values.map(written)
        let width = zip(values, texts).reduce(1) {
            $1.0.isFinite && $1.0 != 0 ? max($0, $1.1.count) : $0
        }
        self.init(texts, width: width)
    }

    private static func formatted(_ value: Double, _ digits: Int, scientific: Bool) -> String {
        // The largest double has 309 digits before the point.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
            let count = adj_format_double(
                buffer.baseAddress!, buffer.count, scientific ? 1 : 0, Int32(digits), value)
            return String(
                decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
