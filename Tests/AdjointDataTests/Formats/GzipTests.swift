import Testing

@testable import AdjointData

@Suite struct GzipTests {
    @Test("What is packed is unpacked again", arguments: [0, 1, 65_536, 1_000_003])
    func roundTrip(_ count: Int) throws {
        guard let gzip = Gzip.shared, let zlib = Zlib.shared else { return }
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let packed = try #require(gzip.packed(bytes))
        #expect(packed.starts(with: [0x1F, 0x8B]))
        #expect(packed == gzip.packed(bytes))
        var unpacked: [UInt8] = []
        let outcome = packed.withUnsafeBytes {
            zlib.inflate($0, .gzip, into: &unpacked, atMost: count + 1)
        }
        guard case .finished = outcome else {
            Issue.record("the packed bytes are not whole: \(outcome)")
            return
        }
        #expect(unpacked == bytes)
    }
}
