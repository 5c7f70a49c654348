import Adjoint
import AdjointTesting
import Foundation
import Testing

@Suite struct SaveShardedTests {
    /// Calls `body` with a folder that is removed afterwards.
    private func withFolder(_ body: (String) throws -> Void) throws {
        try withTemporaryFile([]) { path in
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/model"
            try body(folder)
        }
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// 400, 40, 8 and 4 bytes.
    private let state: StateDict = [
        "a.weight": Tensor.arange(0, 100).to(.float32), "b": Tensor.ones([10]),
        "c \"é\"": Tensor([3]), "d": Tensor(2.5),
    ]

    @Test(arguments: [(1, 4), (48, 3), (440, 2), (1000, 1)])
    func partsAreBoundedAndComeBack(limit: Int, count: Int) throws {
        try withFolder { folder in
            try saveSharded(state, to: folder, maxShardBytes: limit, metadata: ["note": "x"])
            let files = try names(folder)
            let total = String(repeating: "0", count: 4) + "\(count)"
            #expect(files.first == "model-00001-of-\(total).safetensors")
            #expect(files.last == "model.safetensors.index.json" && files.count == count + 1)
            let back = try load(from: folder + "/model.safetensors.index.json")
            #expect(back.keys.sorted() == state.keys.sorted())
            for (name, tensor) in state {
                try expectClose(try #require(back[name]), tensor, atol: 0, rtol: 0)
            }
            #expect(try loadMetadata(from: folder + "/" + files[0])["note"] == "x")
            let text = try String(
                contentsOfFile: folder + "/model.safetensors.index.json", encoding: .utf8)
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect((json["metadata"] as? [String: Int])?["total_size"] == 452)
            #expect((json["weight_map"] as? [String: String])?["a.weight"] == files[0])
        }
    }

    @Test func savingAgainReplacesAllParts() throws {
        try withFolder { folder in
            try saveSharded(state, to: folder, maxShardBytes: 1)
            try Data("mine".utf8).write(
                to: URL(fileURLWithPath: folder + "/model-mine.safetensors"))
            try saveSharded(["d": Tensor(1.0)], to: folder + "/")
            #expect(
                try names(folder) == [
                    "model-00001-of-00001.safetensors", "model-mine.safetensors",
                    "model.safetensors.index.json",
                ])
            #expect(try load(from: folder + "/model.safetensors.index.json").count == 1)
            // Another name beside it.
            let other = folder + "/encoder.safetensors.index.json"
            try saveSharded(state, to: other, maxShardBytes: 410)
            #expect(try load(from: other).count == 4 && names(folder).count == 6)
        }
    }

    @Test func failuresLeaveWhatWasThere() throws {
        try withFolder { folder in
            try saveSharded(state, to: folder, maxShardBytes: 48)
            let before = try names(folder)
            let bad = state.merging(["z": Tensor.zeros([2], device: .meta)]) { $1 }
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { try? saveSharded(bad, to: folder, maxShardBytes: 48) }
            }
            #expect(throws: DataFileError.self) {
                try saveSharded(["__metadata__": Tensor(1)], to: folder)
            }
            #expect(try names(folder) == before)
            #expect(try load(from: folder + "/model.safetensors.index.json").count == 4)
            #expect(
                problem { try saveSharded(state, to: folder + "/no/such") }.contains("make its"))
            #expect(throws: TensorError.self) {
                try catchingTensorErrors { try saveSharded(state, to: folder, maxShardBytes: 0) }
            }
        }
    }

    @Test func anEmptyStateHasAnIndex() throws {
        try withFolder { folder in
            try saveSharded([:], to: folder)
            #expect(try load(from: folder + "/model.safetensors.index.json").isEmpty)
        }
    }

    @Test func partsMayBePyTorchs() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try savePyTorch(state, to: folder + "/pytorch_model-00001-of-00001.bin")
            let index = folder + "/pytorch_model.bin.index.json"
            try "{\"weight_map\": {\"d\": \"pytorch_model-00001-of-00001.bin\"}}"
                .write(toFile: index, atomically: true, encoding: .utf8)
            #expect(try load(from: index)["d"]?.item(as: Double.self) == 2.5)
        }
    }
}
