import Adjoint
import AdjointTesting
import Foundation
import Testing

@testable import AdjointData

@Suite struct NumpyArchiveTests {
    @Test func archivesComeBack() throws {
        try withTemporaryFile([], named: "a.npz") { path in
            var arrays = ["": Tensor(1.0), "é/ü": Tensor.zeros(0, 2), "x.npy": Tensor([1, 2])]
            for dtype in DType.allCases where dtype != .bfloat16 {
                arrays["\(dtype)"] = Tensor([[1.0, 0.0], [1.5, 1.0]]).to(dtype).t()
            }
            for arrays in [arrays, [:]] {
                try saveNumpyArchive(arrays, to: path)
                #expect(try TensorFileFormat(ofFileAt: path) == .numpyArchive)
                let back = try loadNumpyArchive(from: path)
                #expect(back.keys.sorted() == arrays.keys.sorted())
                for (name, tensor) in arrays {
                    #expect(back[name]?.dtype == tensor.dtype)
                    try expectClose(try #require(back[name]), tensor, atol: 0, rtol: 0)
                }
            }
        }
    }

    @Test func checksumsAgreeWithAndWithoutZlib() {
        // The check value of CRC-32: that of the digits 1 to 9.
        var (fast, slow) = (Checksum(), Checksum())
        for part in ["1234", "", "56789"] {
            Array(part.utf8).withUnsafeBytes {
                fast.update($0)
                slow.updateByTable($0)
            }
        }
        #expect(fast.value == 0xCBF4_3926 && slow.value == 0xCBF4_3926)
    }

    /// What reading says once the bytes from `place` on are `bytes`. Places are counted from the
    /// end where they are negative.
    private func damage(
        _ name: String = "arrays.npz", at place: Int, _ bytes: [UInt8]
    ) throws -> String {
        var file = try Fixtures.bytes(name)
        let start = place < 0 ? file.count + place : place
        file.replaceSubrange(start..<(start + bytes.count), with: bytes)
        return try withTemporaryFile(file) { path in problem { try loadNumpyArchive(from: path) } }
    }

    /// Where the table of contents of `name` begins.
    private func table(_ name: String) throws -> Int {
        let file = try Fixtures.bytes(name)
        return file[(file.count - 6)...].prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    @Test func lyingArchivesAreRefused() throws {
        let stored = try table("arrays.npz")
        let most: [UInt8] = [0xFE, 0xFF, 0xFF, 0xFF]
        #expect(try damage(at: 0, [0x50]) == "nothing was thrown")
        #expect(try damage(at: -1, [1]).contains("truncated"))
        #expect(try damage(at: -14, [9, 0, 9, 0]).contains("does not fit"))
        #expect(try damage(at: -14, [1, 0, 2, 0]).contains("several files"))
        #expect(try damage(at: -10, most).contains("does not fit"))
        #expect(try damage(at: -6, most).contains("does not fit"))
        #expect(try damage(at: stored, [0]).contains("before its last entry"))
        #expect(try damage(at: stored + 8, [1]).contains("encrypted"))
        #expect(try damage(at: stored + 16, [0]).contains("checksum"))
        #expect(try damage(at: stored + 20, most).contains("lies outside"))
        #expect(try damage(at: stored + 28, [0xFF, 0xFF]).contains("outside"))
        #expect(try damage(at: stored + 42, most).contains("not where"))
        #expect(try damage(at: stored + 42, [199]).contains("not where"))
        #expect(try damage(at: stored + 46, [0xFF]).contains("UTF-8"))
        #expect(try damage(at: 30, Array("y".utf8)).contains("not where"))
        #expect(try damage(at: 180, [0xFF]).contains("checksum"))
    }

    @Test(.needsZlib) func lyingPackedArchivesAreRefused() throws {
        #expect(try damage("arrays_compressed.npz", at: 60, [0xFF, 0xFF]).contains("damaged"))
        let size = try table("arrays_compressed.npz") + 24
        // The local header must be made to agree, or it is noticed first.
        var file = try Fixtures.bytes("arrays_compressed.npz")
        func claim(_ count: UInt32) throws -> String {
            for place in [size, 22] {
                file.replaceSubrange(
                    place..<(place + 4), with: withUnsafeBytes(of: count.littleEndian, Array.init))
            }
            return try withTemporaryFile(file) { path in
                problem { try loadNumpyArchive(from: path) }
            }
        }
        #expect(try claim(928) == "nothing was thrown")
        #expect(try claim(927).contains("has more"))
        #expect(try claim(929).contains("has 928"))
        #expect(try claim(0x7FFF_FFFF).contains("would unpack"))
    }

    @Test(arguments: [0, 100, 200, 0xFFFF_FFFF])
    func sizesMayTake64Bits(large: Int) throws {
        let array = try Fixtures.bytes("c_order.npy")
        try withTemporaryFile([], named: "a.npz") { path in
            try FileWriter.write(to: path) { sink throws(DataFileError) in
                var archive = ZipWriter(sink, large: large)
                for name in ["a.npy", "b.npy"] { archive.add(name, array) }
                archive.finish()
            }
            let wanted = try loadNumpy(from: Fixtures.path("c_order.npy"))
            let arrays = try loadNumpyArchive(from: path)
            #expect(arrays.keys.sorted() == ["a", "b"])
            for (_, tensor) in arrays { try expectClose(tensor, wanted, atol: 0, rtol: 0) }
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            if large == 0 {
                // The record of 64 bits that the locator leads to, one byte further.
                bytes[bytes.count - 34] &+= 1
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                #expect(problem { try loadNumpyArchive(from: path) }.contains("64-bit end record"))
            }
        }
    }

    /// Two entries over the same bytes: the way to a bomb that unpacks to more than it could hold.
    @Test func overlappingEntriesAreRefused() throws {
        let file = try Fixtures.bytes("arrays.npz")
        let start = try table("arrays.npz")
        let entry = Array(file[start..<(start + 51)])
        #expect(entry.suffix(5).elementsEqual("x.npy".utf8))
        var end = Array(file.suffix(22))
        end.replaceSubrange(12..<14, with: [102, 0])
        let twice = Array(file[..<start]) + entry + entry + end
        try withTemporaryFile(twice) { path in
            #expect(problem { try loadNumpyArchive(from: path) }.contains("overlaps"))
        }
    }

    @Test func otherArchivesAreRefused() throws {
        #expect(
            problem { try loadNumpyArchive(from: Fixtures.path("state_dict.pt")) }
                .contains("is no array"))
        #expect(
            problem { try loadNumpyArchive(from: Fixtures.path("weights.safetensors")) }
                .contains("no archive"))
    }
}
