import Adjoint
import AdjointTesting
import Foundation
import Testing

@testable import AdjointData

@Suite struct SafetensorsTests {
    @Test func everyTypeComesBack() throws {
        try withTemporaryFile([], named: "all.safetensors") { path in
            var state: StateDict = ["empty \"é\"\n": Tensor.zeros(0, 3), "scalar": Tensor(2.5)]
            for dtype in DType.allCases {
                state["\(dtype)"] = Tensor([[1.0, 0.0, 1.5]]).to(dtype)
            }
            state["view"] = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true).t()
            try save(state, to: path, metadata: ["note": "a\tb"])
            let loaded = try load(from: path)
            #expect(loaded.keys.sorted() == state.keys.sorted())
            for (name, tensor) in state {
                let back = try #require(loaded[name])
                #expect(back.dtype == tensor.dtype && !back.requiresGrad)
                try expectClose(back, tensor, atol: 0, rtol: 0)
            }
            // The same content is the same file.
            let first = try Data(contentsOf: URL(fileURLWithPath: path))
            try save(loaded, to: path, metadata: ["note": "a\tb"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
        }
    }

    @Test func loadedTensorsAreWrittenApartFromTheFile() throws {
        try withTemporaryFile([], named: "a.safetensors") { path in
            try save(["x": Tensor([1.0, 2.0])], to: path)
            let x = try #require(try load(from: path)["x"])
            x.add_(1)
            #expect(x.array(as: Float.self) == [2, 3])
            #expect(try load(from: path)["x"]?.array(as: Float.self) == [1, 2])
            // Replacing the file does not reach what was read from it before.
            try save(["x": Tensor([9.0])], to: path)
            #expect(x.array(as: Float.self) == [2, 3])
        }
    }

    private func problem(_ header: String, data: Int = 0, length: UInt64? = nil) throws -> String {
        var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) {
            Array($0)
        }
        bytes += Array(header.utf8) + [UInt8](repeating: 0, count: data)
        return try withTemporaryFile(bytes) { path in
            do {
                _ = try load(from: path)
                return "nothing was thrown"
            } catch let error as DataFileError { return error.problem }
        }
    }

    @Test func damagedFilesAreRefused() throws {
        func entry(_ dtype: String, _ shape: String, _ offsets: String) -> String {
            "{\"a\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
        }
        #expect(try problem(entry("F32", "[2]", "[0,8]"), data: 8) == "nothing was thrown")
        #expect(try problem("{}", length: 1 << 40).contains("no safetensors file"))
        #expect(try problem("{}", length: 100).contains("truncated"))
        #expect(try problem("{\"a\":").contains("ends too early"))
        #expect(try problem("[1]").contains("no object"))
        #expect(try problem("{\"a\":1,\"a\":2}").contains("appears twice"))
        #expect(try problem("{\"a\":1}").contains("lacks its dtype"))
        #expect(try problem(entry("F4", "[2]", "[0,8]"), data: 8).contains("not supported"))
        #expect(try problem(entry("F32", "[2]", "[0,8]"), data: 4).contains("lies outside"))
        #expect(try problem(entry("F32", "[2]", "[8,0]"), data: 8).contains("lies outside"))
        #expect(try problem(entry("F32", "[3]", "[0,8]"), data: 8).contains("takes 12 bytes"))
        #expect(try problem(entry("F32", "[-2]", "[0,8]"), data: 8).contains("whole number"))
        #expect(
            try problem(entry("F32", "[4611686018427387904,8]", "[0,8]"), data: 8)
                .contains("too large"))
        #expect(
            try problem(entry("F32", "[0,4611686018427387904,8]", "[0,0]")).contains("too large"))
        #expect(
            try problem(entry("F32", "[1,1,1,1,1,1,1,1,2]", "[0,8]"), data: 8)
                .contains("9 dimensions"))
        #expect(try problem(entry("F32", "[2]", "[0,8]"), data: 9).contains("goes on for 1 bytes"))
        #expect(try problem(entry("F32", "[1]", "[4,8]"), data: 8).contains("gap"))
        #expect(
            try problem(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                    + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}", data: 6
            ).contains("overlaps"))
        #expect(try problem(String(repeating: "[", count: 100_000)).contains("nested too deeply"))
        #expect(throws: DataFileError.self) { try load(from: "/no/such/file") }
        #expect(throws: DataFileError.self) { try load(from: "/tmp") }
        try withTemporaryFile([]) { path in
            // A pipe that nobody writes to.
            #expect(mkfifo(path + ".pipe", 0o600) == 0)
            #expect(throws: DataFileError.self) { try load(from: path + ".pipe") }
        }
    }

    private func tensors(_ bytes: [UInt8]) throws -> StateDict {
        try state(bytes.withUnsafeBytes { FileMemory(copying: $0) }, path: "damaged")
    }

    /// Any byte changed: an error or a state, never a trap.
    @Test func anyDamageIsSurvived() throws {
        let bytes = try Fixtures.bytes("weights.safetensors")
        for i in stride(from: 0, to: bytes.count, by: 3) {
            for value in [0, 0x22, 0x39, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[i] = value
                for (_, tensor) in (try? tensors(damaged)) ?? [:] {
                    #expect(tensor.array(as: Double.self).count == tensor.numel)
                }
            }
            #expect(throws: DataFileError.self) { try tensors(Array(bytes[..<i])) }
        }
    }

    @Test func failedWritesLeaveNothing() throws {
        try withTemporaryFile([1, 2, 3], named: "kept.safetensors") { path in
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            #expect(throws: DataFileError.self) {
                try save(["__metadata__": Tensor(1.0)], to: path)
            }
            #expect(throws: DataFileError.self) {
                try save(["x": Tensor(1.0)], to: folder + "/none/x.safetensors")
            }
            #expect(throws: DataFileError.self) { try save(["x": Tensor(1.0)], to: folder) }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(names == ["kept.safetensors"] && bytes == Data([1, 2, 3]))
        }
    }
}
