import Adjoint
import AdjointTrace
import Foundation
import Testing

@testable import AdjointStudioCore

/// Examples and expressions run by the library under the recorder.
@Suite struct RecordingTests {
    private func document(_ id: String) async throws -> TraceDocument {
        let text = await StudioClient().get("/api/traces/\(id)?format=jsonl").text()
        return try TraceDocument(jsonLines: Array(text.utf8))
    }

    /// The gradients of leaves after each accumulation, by name.
    private func gradients(_ document: TraceDocument) -> [(String, Double)] {
        document.events.compactMap { event in
            guard case .accumulate(let change) = event.body, let y = change.after.scalar,
                let name = document.tensor(change.tensor)?.name
            else { return nil }
            return (name, y)
        }
    }

    @Test("x² + 3x at 2 gives 3, then 7; the lines are those of the program")
    func seed() async throws {
        let document = try await document("example:x2_plus_3x")
        let found = gradients(document)
        #expect(found.map(\.0) == ["x", "x"] && found.map(\.1) == [3, 7])
        let pow = try #require(document.nodes.first { $0.op == "pow" })
        #expect(document.line(pow.src) == "main.swift:2")
        #expect(document.files.map(\.path) == ["main.swift"])
        #expect(document.files[0].text == Example.all[0].source([:]))
        #expect(document.header?.title == "x² + 3x")
        let begin = document.events.compactMap { event -> TraceSource? in
            if case .backwardBegin(let e) = event.body { e.src } else { nil }
        }
        #expect(begin.map(\.line) == [3])
    }

    @Test("parameters change the run, its text and its name; equal runs are kept")
    func parameters() async throws {
        let client = StudioClient()
        let answer = await client.post("/api/run", #"{"example":"x2_plus_3x","params":{"x":3}}"#)
        let id = try #require(try answer.object["trace"] as? String)
        #expect(answer.status == 201 && id == "example:x2_plus_3x?x=3.0")
        let path = "/api/traces/" + id.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
        for target in [
            path + "?format=jsonl", "/api/traces/example:x2_plus_3x?x=3&format=jsonl&i=9",
        ] {
            let text = await client.get(target).text()
            let document = try TraceDocument(jsonLines: Array(text.utf8))
            #expect(gradients(document).last?.1 == 9)
            #expect(document.files[0].text?.hasPrefix("let x = Tensor(3.0") == true)
        }
        for body in [
            #"{"example":"x2_plus_3x","params":{"x":1e9}}"#, #"{"example":"none"}"#, "{}",
            #"{"example":"rnn","params":{"steps":2.5}}"#,
        ] {
            #expect(
                [400, 404, 422].contains(await client.post("/api/run", body).status), "\(body)")
        }
    }

    @Test(
        "every example runs, has its lines and names, and can be read by every reader",
        arguments: Example.all.map(\.id))
    func all(_ id: String) async throws {
        let document = try await document("example:\(id)")
        #expect(document.problem == nil && document.skipped == 0)
        #expect(document.events.map(\.index) == Array(0..<document.eventCount))
        let example = try #require(Example.find(id))
        for node in document.nodes {
            let line = try #require(node.src?.line, "\(node.op) has no line")
            #expect((1...example.template.count).contains(line))
        }
        #expect(document.tensors.contains { $0.name != nil })
        #expect(
            !document.records.contains { record in
                if case .event(let event) = record, case .note(let note) = event.body {
                    note.text.hasPrefix("\u{1}")
                } else {
                    false
                }
            })
        _ = document.findings()
        #expect(try document.svg().hasPrefix("<svg"))
    }

    @Test("what the examples are about is what their traces show")
    func subjects() async throws {
        func last(_ id: String, _ name: String) async throws -> Double? {
            gradients(try await document("example:\(id)")).last { $0.0 == name }?.1
        }
        #expect(try await last("reused_leaf", "a") == 7)
        #expect(try await last("reused_leaf", "b") == 2)
        #expect(try await last("x_plus_y_squared", "y") == 10)
        #expect(try await last("retain_graph", "x") == 8)
        #expect(try await last("detach_nograd", "x") == 3)
        // The mean over the batch of (0.5·i − (2i + 1))² has the slope −27.5 at w = 0.5.
        #expect(try await last("accumulate4", "w") == -27.5)
        let second = try await document("example:second_derivative")
        let values = second.tensors.filter { $0.name == "second" }.compactMap { $0.value?.scalar }
        #expect(values == [12])
    }

    @Test("mistakes end the trace with an error that knows its cause and its lines")
    func mistakes() async throws {
        func error(_ id: String) async throws -> (TraceDocument, TraceEvent.Failure) {
            let document = try await document("example:\(id)")
            let failure = document.events.compactMap { event -> TraceEvent.Failure? in
                if case .error(let e) = event.body { e } else { nil }
            }.first
            return (document, try #require(failure))
        }
        let (twice, again) = try await error("backward_twice")
        #expect(again.kind == "backward-twice" && again.src?.line == 4)
        #expect(again.message.contains("PowBackward (Examples.swift:2) already gave back"))
        let cause = try #require(again.cause.flatMap { twice.event($0) })
        #expect(cause.kind == .free)
        let (clash, broken) = try await error("inplace")
        #expect(broken.kind == "inplace-clash" && broken.expected == 0 && broken.actual == 1)
        #expect(broken.cause.flatMap { clash.event($0) }?.kind == .inplace)
        let finding = try #require(clash.findings().first)
        #expect(finding.places.map(\.line).starts(with: ["Examples.swift:2", "Examples.swift:4"]))
        let nan = try #require(try await document("example:where_nan").findings().first)
        #expect(nan.title.contains("first NaN") && nan.title.contains("LogBackward"))
        #expect(nan.places.first?.line.hasPrefix("Examples.swift:") == true)
    }

    @Test("an expression is run forward and back, with the places of its operations")
    func expression() async throws {
        let client = StudioClient()
        let body = #"{"source":"s = sin(a)\ny = s * b + a","leaves":{"a":0,"b":3}}"#
        let answer = await client.post("/api/expr", body)
        let id = try #require(try answer.object["trace"] as? String)
        let text = await client.get("/api/traces/\(id)?format=jsonl").text()
        let document = try TraceDocument(jsonLines: Array(text.utf8))
        #expect(gradients(document).last { $0.0 == "a" }?.1 == 4)
        let mul = try #require(document.nodes.first { $0.op == "mul" })
        #expect(mul.src == TraceSource(file: 0, line: 2, column: 7))
        #expect(document.files[0].text == "s = sin(a)\ny = s * b + a")
    }

    @Test("what is wrong with an expression is told with its places")
    func expressionErrors() async throws {
        let client = StudioClient()
        for (source, leaves, column, words) in [
            ("y = x ^ 2", #"{"x":1}"#, 7, "x ** 2"),
            ("y = x * k", #"{"x":1}"#, 9, "k has no value"),
            ("y = a + b", #"{"a":[1,2],"b":[1,2,3]}"#, 7, ""),
            ("y = a", #"{"a":[]}"#, 5, "0 elements"),
        ] {
            let response = await client.post(
                "/api/expr", "{\"source\":\"\(source)\",\"leaves\":\(leaves)}")
            #expect(response.status == 422, "\(source)")
            let errors = try #require(try response.object["errors"] as? [[String: Any]])
            #expect(errors[0]["column"] as? Int == column && errors[0]["line"] as? Int == 1)
            #expect(
                words.isEmpty || (errors[0]["message"] as? String)?.contains(words) == true,
                "\(errors)")
        }
        #expect(await client.post("/api/expr", #"{"leaves":{}}"#).status == 400)
        let long =
            String(repeating: "x+", count: 4990) + "x\\nx" + String(repeating: "+x", count: 20)
        #expect(
            await client.post("/api/expr", "{\"source\":\"\(long)\",\"leaves\":{\"x\":1}}").status
                == 422)
    }

    @Test("the slow fixture has 40 events, and goes on after what a reader has seen")
    func slow() async throws {
        let lines = TraceFixture.slow.records().map { Data($0.json) }
        let document = TraceDocument(TraceFixture.slow.records())
        #expect(document.eventCount == 40)
        #expect(TraceFixture.slow.records().map { Data($0.json) } == lines)
        let feed = SlowFeed(lines, interval: .seconds(3600))
        #expect(feed.lines(from: 0, limit: 99).lines == [lines[0]])
        #expect(feed.lines(from: 20, limit: 99).lines == [lines[20]])
        #expect(feed.lines(from: 0, limit: 99).lines == Array(lines[...20]))
        #expect(feed.lines(from: lines.count, limit: 99).isComplete)
    }

    @Test("the large fixture has more than two thousand operations, and names stay text")
    func fixtures() async throws {
        let large = try await document("fixture:rnn330")
        #expect(large.nodes.count > 2000)
        let hostile = try await document("fixture:hostile")
        #expect(hostile.tensors.contains { $0.name == "<img src=x onerror=window.__p=1>" })
        #expect(await StudioClient().get("/api/traces/fixture:none").status == 404)
    }
}
