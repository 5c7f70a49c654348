import Adjoint
import AdjointTesting
import Foundation
import Testing

@Suite struct NumpyTests {
    /// A file with the given header and elements.
    private func npy(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0]
        let count = header.utf8.count
        bytes += [UInt8(count & 0xFF), UInt8(count >> 8)] + (version == 1 ? [] : [0, 0])
        return bytes + Array(header.utf8) + data
    }

    private func header(_ type: String, _ shape: String, order: String = "False") -> String {
        "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    }

    private func read(_ bytes: [UInt8]) throws -> Tensor {
        try withTemporaryFile(bytes) { try loadNumpy(from: $0) }
    }

    @Test func everyTypeComesBack() throws {
        try withTemporaryFile([], named: "a.npy") { path in
            for dtype in DType.allCases where dtype != .bfloat16 {
                for tensor in [
                    Tensor([[1.0, 0.0, 1.5], [2.0, 7.0, 1.0]]).to(dtype).t(),
                    Tensor.zeros(0, 3).to(dtype), Tensor(2.5).to(dtype), Tensor([1.0]).to(dtype),
                ] {
                    try saveNumpy(tensor, to: path)
                    let back = try loadNumpy(from: path)
                    #expect(back.dtype == dtype && back.shape == tensor.shape)
                    try expectClose(back, tensor, atol: 0, rtol: 0)
                }
            }
        }
    }

    @Test func whatNumpyWroteIsWrittenAlike() throws {
        try withTemporaryFile([], named: "a.npy") { path in
            for name in ["c_order.npy", "scalar.npy"] {
                try saveNumpy(loadNumpy(from: Fixtures.path(name)), to: path)
                #expect(
                    try Data(contentsOf: URL(fileURLWithPath: path))
                        == Data(Fixtures.bytes(name)))
            }
        }
    }

    @Test func readsEveryVersionAndOrder() throws {
        for version in [1, 2, 3] as [UInt8] {
            let tensor = try read(
                npy(header(">i2", "(2, 2)"), [0, 1, 0, 2, 1, 0, 255, 255], version: version))
            #expect(tensor.dtype == .int16 && tensor.array(as: Int.self) == [1, 2, 256, -1])
        }
        // The first index runs fastest.
        let tensor = try read(
            npy(header("|u1", "(2L, 3L)", order: "True"), [1, 4, 2, 5, 3, 6]))
        #expect(tensor.array(as: Int.self) == [1, 2, 3, 4, 5, 6] && tensor.shape == [2, 3])
        let flags = try read(
            npy("{\"shape\":(3,),'fortran_order':False,'descr':'|b1'}", [0, 1, 7]))
        #expect(flags.dtype == .bool && flags.array(as: Int.self) == [0, 1, 1])
        let wide = try read(npy(header(">f8", "()"), [0x3F, 0xF8, 0, 0, 0, 0, 0, 0]))
        #expect(wide.item() == 1.5)
    }

    @Test func damagedHeadersAreRefused() throws {
        func refusal(_ header: String, _ count: Int = 4, version: UInt8 = 1) -> String {
            problem { try read(npy(header, [UInt8](repeating: 0, count: count), version: version)) }
        }
        #expect(refusal(header("<f4", "(1,)")) == "nothing was thrown")
        #expect(refusal(header("<f4", "(1,)"), version: 4).contains("has version 4"))
        #expect(refusal(header("<f4", "(1,)"), 8).contains("takes 4 bytes, but has 8"))
        #expect(refusal(header("<f4", "(2,)")).contains("takes 8 bytes, but has 4"))
        #expect(refusal(header("<u2", "(2,)")).contains("not supported"))
        #expect(refusal(header("|i4", "(1,)")).contains("not supported"))
        #expect(refusal(header("|V2", "(2,)")).contains("not supported"))
        #expect(refusal(header("<f4", "(-1,)")).contains("not negative"))
        #expect(refusal(header("<f4", "(4611686018427387904, 8)")).contains("too large"))
        // Empty, but with distances between rows that cannot be counted.
        #expect(
            refusal(header("<f4", "(0, 4611686018427387904, 4611686018427387904)"), 0)
                .contains("too large"))
        #expect(refusal(header("<f4", "(99999999999999999999,)")).contains("too large"))
        #expect(
            refusal(header("|u1", "(\(String(repeating: "1, ", count: 9)))"), 1)
                .contains("9 dimensions"))
        #expect(refusal("{'descr': [('a', '<f4')], }").contains("several fields"))
        #expect(refusal("{'descr': '<f4'}").contains("were expected"))
        #expect(refusal("{'descr': '<f4', 'descr': '<f4'}").contains("twice"))
        #expect(refusal("{'descr': '<f4").contains("does not end"))
        #expect(refusal(header("<f4", "(1,)") + "x").contains("follows the dictionary"))
        #expect(refusal("__import__('os')").contains("was expected"))
        #expect(problem { try read([1, 2, 3]) }.contains("no NumPy array"))
        #expect(problem { try read(Array(npy("", []).prefix(9))) }.contains("no NumPy array"))
        #expect(
            problem { try loadNumpy(from: Fixtures.path("arrays.npz")) }
                .contains("loadNumpyArchive"))
        #expect(
            problem { try loadNumpyArchive(from: Fixtures.path("scalar.npy")) }
                .contains("loadNumpy(from:)"))
    }

    @Test func whatNumpyLacksIsRefusedAndNothingReplaced() throws {
        try withTemporaryFile([1, 2, 3], named: "kept.npy") { path in
            let brain = Tensor([1.0]).to(.bfloat16)
            #expect(problem { try saveNumpy(brain, to: path) }.contains("is bfloat16"))
            #expect(
                problem { try saveNumpyArchive(["w": brain], to: path) }.contains("tensor \"w\""))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == ["kept.npy"] && bytes == Data([1, 2, 3]))
        }
    }
}
