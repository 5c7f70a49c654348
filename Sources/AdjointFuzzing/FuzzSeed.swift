/// A small valid file, as the parts that it is made of: changing a part and putting the file
/// together again keeps lengths and checksums true, so that the change is seen by the code behind
/// those checks.
public struct FuzzSeed: Sendable {
    let parts: [[UInt8]]
    /// Puts parts together as a file. Their number may differ from that of the valid ones only
    /// where `isList` is true.
    let assemble: @Sendable ([[UInt8]]) -> [UInt8]
    /// Whether parts may be left out, repeated and reordered, as the lines of a text.
    let isList: Bool
    /// Whether the reader must take the file as it is.
    public private(set) var isValid = true

    init(
        _ parts: [[UInt8]], isList: Bool = false,
        assemble: @escaping @Sendable ([[UInt8]]) -> [UInt8] = { Array($0.joined()) }
    ) {
        self.parts = parts
        self.assemble = assemble
        self.isList = isList
    }

    /// A file of one part.
    init(_ bytes: [UInt8]) { self.init([bytes]) }

    /// A text; its parts are its lines.
    init(lines text: String) {
        self.init(
            text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init),
            isList: true, assemble: { Array($0.joined(separator: [0x0A])) })
    }

    var bytes: [UInt8] { assemble(parts) }

    /// The same as a file that is refused, and stands for what is like it.
    var asRefused: FuzzSeed {
        var seed = self
        seed.isValid = false
        return seed
    }
}

/// The bytes of `value`, least significant first.
func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// The bytes of `value`, most significant first.
func big(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}
