import AdjointCore

/// The bytes of a text in UTF-8: 0 to 255, and special numbers from 256 on. Every text has numbers.
public struct ByteTokenizer: Tokenizer {
    public let special: [String: Int]
    private let names: [String]

    /// - Parameter names: Names of further numbers, such as "<pad>", from 256 on.
    /// - Errors: `.argument` where a name comes twice.
    public init(special names: [String] = []) {
        self.names = names
        special = numbered(names, from: 256, "ByteTokenizer")
    }

    public var count: Int { 256 + names.count }

    public func encode(_ text: String) -> [Int] { text.utf8.map { Int($0) } }

    /// Bytes that are no UTF-8 become U+FFFD, as those of a character that was cut.
    public func decode(_ tokens: [Int], keepingSpecial: Bool) -> String {
        var bytes: [UInt8] = []
        for token in tokens {
            if let byte = UInt8(exactly: token) {
                bytes.append(byte)
            } else if token >= 256, names.indices.contains(token - 256) {
                if keepingSpecial { bytes += names[token - 256].utf8 }
            } else {
                raiseUnknown(token, count, "ByteTokenizer")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The numbers of special names.
func numbered(_ names: [String], from start: Int, _ operation: String) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for (offset, name) in names.enumerated() {
        if numbers.updateValue(start + offset, forKey: name) != nil {
            Failure.raise(
                TensorError(
                    .argument, "\(DataFileError.quoted(name)) comes twice", operation: operation))
        }
    }
    return numbers
}

func raiseUnknown(_ token: Int, _ count: Int, _ operation: String) {
    Failure.raise(
        TensorError(
            .index, "there is no number \(token) among the \(count) of the vocabulary",
            operation: operation))
}
