import Adjoint
import AdjointTrace
import Foundation
import Testing

@testable import AdjointStudioCore

/// The gradient that the backward pass of an expression starts from.
@Suite struct SeedTests {
    private let client = StudioClient()

    private func post(_ source: String, _ leaves: String, seed: String) async -> StudioResponse {
        await client.post(
            "/api/expr", "{\"source\":\"\(source)\",\"leaves\":\(leaves),\"seed\":\(seed)}")
    }

    private func document(_ source: String, _ leaves: String, seed: String) async throws
        -> TraceDocument
    {
        let answer = await post(source, leaves, seed: seed)
        let id = try #require(try answer.object["trace"] as? String)
        let text = await client.get("/api/traces/\(id)?format=jsonl").text()
        return try TraceDocument(jsonLines: Array(text.utf8))
    }

    /// What the passes of a trace start from, and the last gradient of each leaf.
    private func passes(_ document: TraceDocument) -> (
        starts: [[TraceValue]], gradients: [String: TraceValue]
    ) {
        var starts: [[TraceValue]] = []
        var gradients: [String: TraceValue] = [:]
        for event in document.events {
            switch event.body {
            case .backwardBegin(let e): starts.append(e.gradOut)
            case .accumulate(let e):
                if let name = document.tensor(e.tensor)?.name { gradients[name] = e.after }
            default: break
            }
        }
        return (starts, gradients)
    }

    @Test("backward starts from the seed, and the trace says so; the program is as it was sent")
    func values() async throws {
        let trace = try await document(
            "y = a * square(x)", #"{"a":3,"x":[1,2,3]}"#, seed: "[1,-0.5,0.1]")
        let seed = Tensor([1, -0.5, 0.1], dtype: .float32)
        let x = Tensor([1, 2, 3], dtype: .float32, requiresGrad: true)
        let a = Tensor(3, dtype: .float32, requiresGrad: true)
        (a * x.square()).backward(gradient: seed)
        let found = passes(trace)
        #expect(found.starts.map { $0.map(\.elements) } == [[[1, -0.5, 0.1]]])
        // Bit for bit: numbers of a trace are the shortest that give the float32 back.
        #expect(found.gradients["x"]?.elements?.map { Float($0) } == x.grad!.array())
        #expect(found.gradients["a"]?.elements?.map { Float($0) } == [a.grad!.item()])
        #expect(trace.nodes.map(\.op) == ["pow", "mul"])
        #expect(trace.files[0].text == "y = a * square(x)")
        #expect(TraceChecker.check(trace).isEmpty)
    }

    @Test("one number is that of every element; a result of one number takes one too")
    func numbers() async throws {
        let several = passes(try await document("2 * x", #"{"x":[1,2,3]}"#, seed: "0.25"))
        #expect(several.starts.map { $0.map(\.elements) } == [[[0.25, 0.25, 0.25]]])
        #expect(several.gradients["x"]?.elements == [0.5, 0.5, 0.5])
        let one = passes(try await document("x ** 2", #"{"x":3}"#, seed: "-2"))
        #expect(one.starts.map { $0.map(\.elements) } == [[[-2]]])
        #expect(one.gradients["x"]?.elements == [-12])
        let usual = passes(try await document("x ** 2", #"{"x":3}"#, seed: "null"))
        #expect(usual.starts.map { $0.map(\.elements) } == [[[1]]])
    }

    @Test("nested lists have a shape, row by row")
    func nested() throws {
        func seed(_ text: String) throws -> BackwardSeed {
            try StudioJSON.value(BackwardSeed.self, from: Data(text.utf8))
        }
        let result = Tensor.zeros(2, 3)
        let tensor = try seed("[[1,2,3],[4,5,6]]").tensor(for: result)
        #expect(tensor.shape == [2, 3] && tensor.array() as [Float] == [1, 2, 3, 4, 5, 6])
        #expect(throws: StudioError.self) { try seed("[[1,2],[3,4],[5,6]]").tensor(for: result) }
        #expect(throws: StudioError.self) { try seed("[1,2,3,4,5,6]").tensor(for: result) }
        #expect(try seed("[[],[]]").tensor(for: Tensor.zeros(2, 0)).shape == [2, 0])
        for text in ["[[1,2],[3]]", "[1,[2]]", "[[1],2]", "[[],[1]]", "[[[]],[]]"] {
            let error = #expect(throws: StudioError.self, "\(text)") { try seed(text) }
            #expect(error?.message.contains("different lengths") == true, "\(text)")
        }
    }

    @Test("what is no gradient of the result is refused, with what is wanted")
    func refused() async throws {
        let many = "[" + String(repeating: "1,", count: 4096) + "1]"
        let rows = "[" + Array(repeating: "[1,1]", count: 2049).joined(separator: ",") + "]"
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        for (seed, words) in [
            ("[1,2]", "has shape [2], and the result has shape [3]"),
            ("[[1,2,3]]", "has shape [1, 3], and the result has shape [3]"),
            ("[]", "has shape [0]"), ("[1,[2],3]", "different lengths"),
            (#""1""#, "no number"), (#"[1,"two",3]"#, "no number"), ("[1,null,3]", "no number"),
            ("true", "no number"), (#"{"a":1}"#, "no number"), (#"[1,"NaN",3]"#, "no finite"),
            ("[1,2,1e300]", "no finite float32"), (many, "more than 4096"),
            (rows, "more than 4096"), (deep, "more than 8 deep"),
        ] {
            let response = await post("y = square(x)", #"{"x":[1,2,3]}"#, seed: seed)
            let message = try response.object["message"] as? String ?? ""
            #expect(response.status == 400, "\(seed.prefix(20)): \(message)")
            #expect(message.contains(words), "\(seed.prefix(20)): \(message)")
        }
        let list = await post("y = sum(x)", #"{"x":[1,2,3]}"#, seed: "[1]")
        #expect(list.status == 400)
        #expect((try list.object["message"] as? String)?.contains("give a number") == true)
        let none = await post("y = detach(x)", #"{"x":[1,2,3]}"#, seed: "1")
        #expect(none.status == 400)
        #expect((try none.object["message"] as? String)?.contains("depends on no leaf") == true)
    }
}
