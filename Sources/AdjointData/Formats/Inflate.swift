/// Unpacks data with the system's zlib, found when it is first needed: a build needs no zlib, and a
/// machine without one reads everything that is not packed.
enum Inflate {
    /// True when `bytes` begin as a gzip file does (RFC 1952).
    static func looksLikeGzip(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
    }

    /// The first `limit` bytes of what the gzip file `bytes` holds, all its members one after
    /// another. Whoever must know whether that is all asks for one byte more than expected.
    /// Memory grows with what is really unpacked, whatever sizes the file states.
    static func gzip(
        _ bytes: [UInt8], atMost limit: Int, path: String
    ) throws(DataFileError) -> [UInt8] {
        var output: [UInt8] = []
        let failure = bytes.withUnsafeBytes { input in
            unpack(
                input, .gzip, into: &output, atMost: limit, path: path, what: "the gzip data",
                packed: "packed with gzip")
        }
        if let failure { throw failure }
        return output
    }

    /// The same for the bare deflate stream `bytes` (RFC 1951), which messages call `what`.
    static func bare(
        _ bytes: UnsafeRawBufferPointer, atMost limit: Int, path: String, what: String
    ) throws(DataFileError) -> [UInt8] {
        var output: [UInt8] = []
        if let failure = unpack(
            bytes, .bare, into: &output, atMost: limit, path: path, what: what,
            packed: "a compressed archive")
        {
            throw failure
        }
        return output
    }

    private static func unpack(
        _ input: UnsafeRawBufferPointer, _ packing: Zlib.Packing, into output: inout [UInt8],
        atMost limit: Int, path: String, what: String, packed: String
    ) -> DataFileError? {
        guard let zlib = Zlib.shared else {
            return DataFileError(
                path: path, problem: "the file is \(packed), and no zlib was found",
                advice: "install it (Debian and Ubuntu: apt install zlib1g), or unpack the file")
        }
        switch zlib.inflate(input, packing, into: &output, atMost: limit) {
        case .finished, .full: return nil
        case .truncated:
            return DataFileError(
                path: path, problem: "\(what) end too early, after \(input.count) bytes",
                advice: "download or copy the file again")
        case .damaged(let reason):
            return DataFileError(
                path: path, problem: "\(what) are damaged (\(reason))",
                advice: "download or copy the file again")
        }
    }
}
