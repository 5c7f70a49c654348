import Adjoint
import Foundation
import Testing

@Suite struct SafetensorsIndexTests {
    /// What reading an index gives that stands beside two parts, a and b.
    private func read(_ index: String) throws -> StateDict {
        try withTemporaryFile(index.utf8, named: "model.safetensors.index.json") { path in
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            try save(["x": Tensor([1.0, 2.0])], to: folder + "/a.safetensors")
            try save(["y": Tensor([3]), "z": Tensor(true)], to: folder + "/b.safetensors")
            return try load(from: path)
        }
    }

    @Test func allPartsAreRead() throws {
        let state = try read(
            """
            {"metadata": {"total_size": 1.6e1, "ok": true, "less": -1, "none": null},
             "weight_map": {"x": "a.safetensors", "y": "b.safetensors", "z": "b.safetensors"}}
            """)
        #expect(state.keys.sorted() == ["x", "y", "z"])
        #expect(state["x"]?.array(as: Double.self) == [1, 2])
        #expect(state["y"]?.dtype == .int64 && state["z"]?.dtype == .bool)
        #expect(try read("{\"meta\":{},\"weight_map\":{\"y\":\"b.safetensors\"}}").count == 1)
    }

    @Test func whatIsNotThereIsRefused() throws {
        func refusal(_ map: String) -> String { problem { try read("{\"weight_map\": \(map)}") } }
        #expect(refusal("{\"q\": \"a.safetensors\"}").contains("is not in \"a.safetensors\""))
        #expect(refusal("{\"x\": \"c.safetensors\"}").contains("no such file"))
        #expect(refusal("{\"x\": \"../a.safetensors\"}").contains("in its folder"))
        #expect(refusal("{\"x\": \"/etc/passwd\"}").contains("in its folder"))
        #expect(refusal("{\"x\": \"model.safetensors.index.json\"}").contains("safetensors"))
        #expect(refusal("{\"x\": 1}").contains("in its folder"))
        #expect(refusal("[]").contains("no weight_map"))
        #expect(refusal("{\"x\": \"a.safetensors\"").contains("ends too early"))
        #expect(refusal("{\"x\": nope}").contains("cannot be read as JSON"))
    }
}
