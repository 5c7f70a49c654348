import Adjoint
import AdjointTesting
import Foundation
import Testing

@testable import AdjointData

@Suite struct PyTorchTests {
    @Test(arguments: ["checkpoint.pt", "checkpoint_protocol4.pt"])
    func nestedStatesAreFlat(file: String) throws {
        let state = try load(from: Fixtures.path(file))
        #expect(
            state.keys.sorted() == [
                "best", "epoch", "model.corner", "model.empty", "model.expanded",
                "model.transposed", "model.weight", "optimizer.param_groups.0.amsgrad",
                "optimizer.param_groups.0.betas.0", "optimizer.param_groups.0.betas.1",
                "optimizer.param_groups.0.lr", "optimizer.param_groups.0.params.0",
                "optimizer.state.0.exp_avg", "optimizer.state.0.step", "steps", "untyped",
            ])
        func values(_ name: String) -> [Double] { state[name]?.array(as: Double.self) ?? [] }
        let whole = (0..<12).map { 0.5 * Double($0) }
        #expect(values("model.weight") == whole && state["model.weight"]?.shape == [3, 4])
        #expect(
            values("model.transposed") == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11].map { whole[$0] })
        #expect(values("model.corner") == [3, 3.5, 5, 5.5])
        #expect(values("model.expanded") == [Double](repeating: 1.5, count: 6))
        #expect(state["model.empty"]?.shape == [0, 3])
        #expect(values("optimizer.state.0.exp_avg") == [0.125, -2])
        #expect(state["optimizer.state.0.exp_avg"]?.dtype == .float64)
        #expect(values("optimizer.state.0.step") == [7])
        #expect(values("optimizer.param_groups.0.lr") == [0.001])
        #expect(state["optimizer.param_groups.0.amsgrad"]?.dtype == .bool)
        #expect(state["epoch"]?.dtype == .int64 && values("epoch") == [70000])
        #expect(values("steps") == [-1_099_511_627_776] && values("best") == [-1.5])
        #expect(state["untyped"]?.dtype == .int16 && values("untyped") == [1, -1])
    }

    @Test func sharedStoragesStayShared() throws {
        let state = try load(from: Fixtures.path("checkpoint.pt"))
        try #require(state["model.corner"]).add_(100)
        let weight = try #require(state["model.weight"])
        #expect(weight[1, 2].item() == 103 && weight[0, 0].item() == 0)
        #expect(weight.isLeaf && !weight.requiresGrad)
        weight.requiresGrad = true
        (weight * 2).sum().backward()
        #expect(weight.grad?.array(as: Double.self) == [Double](repeating: 2, count: 12))
    }

    @Test func bigEndianFilesAreRead() throws {
        let state = try load(from: Fixtures.path("big_endian.pt"))
        #expect(state["a"]?.array(as: Double.self) == [1.5, -2, 3.25])
        #expect(state["b"]?.array(as: Int.self) == [-2] && state["b"]?.dtype == .int64)
        #expect(state["c"]?.array(as: Double.self) == [0.5, 65504])
    }

    @Test func everyTypeComesBack() throws {
        try withTemporaryFile([], named: "a.pt") { path in
            var state: StateDict = ["empty \"é\"\n": Tensor.zeros(0, 3), "scalar": Tensor(2.5)]
            for dtype in DType.allCases {
                state["\(dtype)"] = Tensor([[1.0, 0.0, 1.5], [2.0, 9.0, 1.0]]).to(dtype).t()
            }
            state["large"] = Tensor.ones(300, 300)
            try savePyTorch(state, to: path)
            let back = try load(from: path)
            #expect(back.keys.sorted() == state.keys.sorted())
            for (name, tensor) in state {
                #expect(back[name]?.dtype == tensor.dtype)
                try expectClose(try #require(back[name]), tensor, atol: 0, rtol: 0)
            }
            // PyTorch's own file again: the same tensors.
            let original = try load(from: Fixtures.path("state_dict.pt"))
            try savePyTorch(original, to: path)
            for (name, tensor) in try load(from: path) {
                try expectClose(tensor, try #require(original[name]), atol: 0, rtol: 0)
            }
        }
    }

    @Test func otherFilesOfPyTorchsAreNamed() throws {
        let legacy: [UInt8] =
            [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        try withTemporaryFile(legacy) { path in
            #expect(problem { try load(from: path) }.contains("before version 1.6"))
        }
        var tape = [UInt8](repeating: 0, count: 512)
        tape.replaceSubrange(0..<4, with: Array("pick".utf8))
        tape.replaceSubrange(257..<262, with: Array("ustar".utf8))
        try withTemporaryFile(tape) { path in
            #expect(problem { try load(from: path) }.contains("tape archive"))
        }
        #expect(problem { try archive(["readme.txt": []]) }.contains("neither PyTorch's"))
        #expect(
            problem { try archive(["m/data.pkl": [], "m/constants.pkl": []]) }
                .contains("TorchScript"))
    }

    /// Loads an archive of these entries.
    @discardableResult private func archive(_ entries: [String: [UInt8]]) throws -> StateDict {
        try withTemporaryFile([], named: "a.pt") { path in
            try FileWriter.write(to: path) { sink throws(DataFileError) in
                var archive = ZipWriter(sink)
                for (name, bytes) in entries.sorted(by: { $0.key < $1.key }) {
                    archive.add(name, bytes)
                }
                archive.finish()
            }
            return try load(from: path)
        }
    }

    /// What is said of an archive whose pickle is `text`, with a storage of 12 bytes.
    private func pickle(_ text: String, _ tail: [UInt8] = [0x2E]) -> String {
        problem {
            try archive([
                "a/data.pkl": [0x80, 2] + Array(text.utf8) + tail,
                "a/data/0": [UInt8](repeating: 0, count: 12),
            ])
        }
    }

    /// A tensor over that storage.
    private func tensor(
        count: String = "K\u{3}", offset: String = "K\u{0}", shape: String = "K\u{3}",
        strides: String = "K\u{1}", key: String = "0", type: String = "FloatStorage"
    ) -> String {
        "ctorch._utils\n_rebuild_tensor_v2\n((X\u{7}\0\0\0storagectorch\n\(type)\n"
            + "X\u{1}\0\0\0\(key)X\u{3}\0\0\0cpu\(count)tQ\(offset)(\(shape)t(\(strides)tNNtR"
    }

    @Test func nothingIsExecuted() {
        for name in [
            "os\nsystem", "builtins\neval", "torch\nload", "__main__\nNet", "posix\nsystem",
        ] {
            let said = pickle("c\(name)\nX\u{2}\0\0\0ls\u{85}R")
            #expect(said.contains("nothing in a file is executed"))
            #expect(said.contains(name.split(separator: "\n").joined(separator: ".")))
        }
        #expect(pickle("ctorch\nFloatStorage\n)R").contains("calls a storage's type"))
        #expect(pickle("K\u{1})R").contains("no function"))
        // NEWOBJ, INST, EXT1, a text opcode.
        for code in ["\u{1}", "i", "I", "o", "V"] {
            #expect(pickle(code).contains("the opcode 0x"))
        }
        #expect(pickle("", [0x81, 0x2E]).contains("the opcode 0x81"))
    }

    @Test func lyingPicklesAreRefused() {
        #expect(pickle(tensor()) == "nothing was thrown")
        #expect(pickle(tensor(count: "K\u{4}")).contains("has 12 bytes"))
        #expect(pickle(tensor(count: "J\0\0\0\u{7F}")).contains("has 12 bytes"))
        #expect(pickle(tensor(key: "7")).contains("not in the archive"))
        #expect(pickle(tensor(shape: "K\u{4}")).contains("lies outside its storage"))
        #expect(pickle(tensor(offset: "K\u{1}")).contains("lies outside its storage"))
        #expect(pickle(tensor(strides: "K\u{2}")).contains("lies outside its storage"))
        #expect(pickle(tensor(strides: "")).contains("has 0 strides"))
        #expect(
            pickle(tensor(shape: "J\0\0\0\u{7F}", strides: "K\0")).contains("repeats 3 elements"))
        #expect(pickle(tensor(type: "DoubleStorage")).contains("has 12 bytes"))
        #expect(pickle(tensor(type: "ComplexFloatStorage")).contains("ComplexFloatStorage"))
        let nine = String(repeating: "K\u{1}", count: 9)
        #expect(pickle(tensor(shape: nine, strides: nine)).contains("9 dimensions"))
        #expect(pickle(tensor() + "0").contains("runs empty"))
        #expect(pickle(tensor(), []).contains("truncated"))
        #expect(pickle(tensor() + ".").contains("something follows"))
        #expect(pickle("t").contains("lacks a mark"))
        #expect(pickle("(N0").contains("runs empty"))
        #expect(pickle("h\u{5}").contains("has not made"))
        #expect(pickle("}(X\u{1}\0\0\0au").contains("no dictionary"))
        #expect(pickle("]N}").contains("ends too early"))
        #expect(pickle("}}NsNs").contains("neither text nor a whole number"))
        #expect(pickle("X\u{7F}\u{7F}\u{7F}\u{7F}abc").contains("truncated"))
        let pair = "}(X\u{3}\0\0\0a.bK\u{1}X\u{1}\0\0\0a}X\u{1}\0\0\0bK\u{2}su"
        #expect(pickle(pair).contains("two values would be called \"a.b\""))
    }

    /// Nothing recurses, and what is shared is not spelled out without end.
    @Test func deepAndSharedContainersAreSurvived() throws {
        let deep = [UInt8](repeating: 0x85, count: 1_000_000)
        #expect(pickle(")", deep + [0x2E]).contains("too deeply"))
        #expect(pickle("]q\0h\0a").contains("too deeply"))
        // Each list holds the one before twice.
        let doubled = String(repeating: "q\u{1}0](h\u{1}h\u{1}e", count: 60)
        #expect(pickle("K\u{1}" + doubled).contains("each other too often"))
        let whole = pickle("](" + String(repeating: "K\u{1}", count: 1000) + "e")
        #expect(whole == "nothing was thrown")
    }
}
