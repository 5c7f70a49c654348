/// The first bytes of an IDX file, checked: element type, sizes, and the file size they ask for.
struct IDXHeader {
    enum ElementType: UInt8, CaseIterable {
        case uint8 = 0x08
        case int8 = 0x09
        case int16 = 0x0B
        case int32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        /// The type's name in messages.
        var name: String { "\(self)" }

        /// Bytes an element.
        var width: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }
    }

    /// Bytes of the longest header: the magic number and four dimensions.
    static let longest = 4 + 4 * 4

    let type: ElementType
    let shape: [Int]
    /// Bytes of header and elements together.
    let fileSize: Int

    /// Bytes of the header.
    var size: Int { 4 + 4 * shape.count }

    /// Reads the header at the start of `bytes`; `path` is for messages.
    init(_ bytes: [UInt8], path: String) throws(DataFileError) {
        func refusal(_ problem: String) -> DataFileError {
            DataFileError(
                path: path, problem: problem,
                advice: "name an IDX file as MNIST has them, plain or packed with gzip")
        }
        guard !bytes.isEmpty else { throw refusal("the file is empty") }
        guard bytes.count >= 4 else {
            throw refusal("the file ends within the first 4 bytes of an IDX header")
        }
        guard bytes[0] == 0, bytes[1] == 0, let type = ElementType(rawValue: bytes[2]) else {
            let magic = bytes[..<4].map { hexadecimal($0) }.joined(separator: " ")
            throw refusal("this is no IDX file: it begins with the bytes \(magic)")
        }
        let rank = Int(bytes[3])
        guard (1...4).contains(rank) else {
            throw refusal("the header states \(rank) dimensions where 1 to 4 were expected")
        }
        guard bytes.count >= 4 + 4 * rank else {
            throw refusal("the file is truncated: it ends within its header of \(rank) dimensions")
        }
        self.type = type
        shape = (0..<rank).map { axis in
            bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        // Every size counts as at least 1: strides are products of sizes, also around an empty
        // dimension.
        var total = type.width
        for size in shape {
            let (product, overflow) = total.multipliedReportingOverflow(by: max(size, 1))
            guard !overflow, product <= FileBytes.limit else {
                let sizes = shape.map(String.init).joined(separator: " x ")
                throw refusal("the header states \(sizes) elements, more than 4 GiB")
            }
            total = product
        }
        fileSize = 4 + 4 * rank + (shape.contains(0) ? 0 : total)
    }
}

private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return digits.count == 1 ? "0" + digits : digits
}
