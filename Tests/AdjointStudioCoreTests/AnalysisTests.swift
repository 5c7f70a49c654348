import AdjointTrace
import Foundation
import Testing

@testable import AdjointStudioCore

/// Findings, memory, comparisons, exports and curves of traces, through the routes.
@Suite struct AnalysisTests {
    /// y = exp(x) with one backward pass; the gradient is `gradient`.
    private static func trace(_ gradient: Double = 1, curves: Int = 0) -> String {
        var lines = [
            #"{"t":"header","format":"autograd-trace","version":1,"library":"Adjoint","title":"t"}"#,
            #"{"t":"file","id":0,"path":"main.swift","text":"let x = 0\n  let y = x.exp()\n"}"#,
            #"{"t":"tensor","id":0,"name":"x","shape":[],"dtype":"float32","requiresGrad":true,"leaf":true,"role":"input","value":{"k":"full","data":[0]}}"#,
            #"{"t":"node","id":0,"op":"exp","gradFn":"ExpBackward","src":[0,2,9],"inputs":[{"tensor":0,"version":0}],"outputs":[1],"saved":[{"name":"result","tensor":1,"version":0,"bytes":4}],"next":[{"leaf":0}]}"#,
            #"{"t":"tensor","id":1,"name":"y","shape":[],"dtype":"float32","requiresGrad":true,"leaf":false,"producer":[0,0],"value":{"k":"full","data":[1]}}"#,
            #"{"t":"ev","i":0,"e":"forward","node":0}"#,
            #"{"t":"ev","i":1,"e":"backward.begin","run":0,"roots":[1],"gradOut":[{"k":"full","data":[1]}]}"#,
            #"{"t":"ev","i":2,"e":"backward.node","run":0,"node":0,"gradOut":[{"k":"full","data":[1]}],"gradIn":[{"k":"full","data":[\#(gradient)]}]}"#,
            #"{"t":"ev","i":3,"e":"accumulate","run":0,"tensor":0,"from":0,"before":{"k":"none","why":"not-computed"},"incoming":{"k":"full","data":[\#(gradient)]},"after":{"k":"full","data":[\#(gradient)]},"mode":"assign"}"#,
            #"{"t":"ev","i":4,"e":"free","run":0,"node":0}"#,
            #"{"t":"ev","i":5,"e":"backward.end","run":0}"#,
        ]
        for step in 0..<curves {
            let y = step == 3 ? #""NaN""# : step == 4 ? #""Infinity""# : "\(step).5"
            lines.append(
                #"{"t":"ev","i":\#(6 + 2 * step),"e":"metric","name":"loss","step":\#(step),"y":\#(y)}"#
            )
            lines.append(
                #"{"t":"ev","i":\#(7 + 2 * step),"e":"metric","name":"grad_norm/fc1.weight","step":\#(step),"y":\#(step + 1)}"#
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func client(_ traces: [String]) async throws -> (StudioClient, [String]) {
        let client = StudioClient()
        var ids: [String] = []
        for trace in traces {
            let answer = await client.post("/api/traces?name=t", trace)
            ids.append(try #require(try answer.object["trace"] as? String))
        }
        return (client, ids)
    }

    @Test("a healthy run has no findings; what is no trace is refused with its line")
    func doctor() async throws {
        let (client, ids) = try await client([Self.trace()])
        let answer = try await client.get("/api/traces/\(ids[0])/doctor").object
        #expect(
            (answer["findings"] as? [Any])?.isEmpty == true && answer["title"] as? String == "t")
        for bad in ["", "x", "{}", #"{"t":"ev","i":0,"e":"free","node":0}"#] {
            let response = await client.post("/api/traces", bad)
            #expect(response.status == 422, "\(bad)")
        }
        #expect(await client.get("/api/traces/none/doctor").status == 404)
    }

    @Test("findings have the lines of the program beside them")
    func findings() throws {
        var finding = TraceFinding(
            .nonFinite, .error, title: "t", explanation: "e", fix: "f")
        finding.places = [
            .init(role: "made by exp", line: "main.swift:2", source: TraceSource(file: 0, line: 2)),
            .init(role: "r", line: "main.swift:9", source: TraceSource(file: 0, line: 9)),
        ]
        let document = try TraceDocument(jsonLines: Array(Self.trace().utf8))
        let view = FindingView(finding, in: document)
        #expect(view.places[0].code == "let y = x.exp()" && view.places[1].code == nil)
    }

    @Test("memory is told by cause, from its making until it is freed")
    func memory() async throws {
        let (client, ids) = try await client([Self.trace()])
        let view = try await client.get("/api/traces/\(ids[0])/memory").object
        let peak = try #require(view["peak"] as? [String: Any])
        #expect(peak["bytes"] as? Int == 4 && peak["event"] as? Int == 0)
        let bands = try #require(view["bands"] as? [[String: Any]])
        #expect(bands[0]["name"] as? String == "exp" && bands[0]["bytes"] as? [Int] == [4, 0])
        let line = try await client.get("/api/traces/\(ids[0])/memory?by=line").object
        #expect((line["causes"] as? [[String: Any]])?[0]["name"] as? String == "main.swift:2")
        #expect(await client.get("/api/traces/\(ids[0])/memory?by=x").status == 422)
    }

    @Test("equal traces are alike, and another gradient is found")
    func compare() async throws {
        let (client, ids) = try await client([Self.trace(), Self.trace(), Self.trace(2)])
        let same = try await client.get("/api/compare?a=\(ids[0])&b=\(ids[1])").object
        #expect(same["isEqual"] as? Bool == true && same["operations"] as? Int == 1)
        let other = try await client.get("/api/compare?a=\(ids[0])&b=\(ids[2])").object
        #expect(other["isEqual"] as? Bool == false)
        #expect((other["differences"] as? [Any])?.isEmpty == false)
        #expect(await client.get("/api/compare?a=\(ids[0])").status == 422)
    }

    @Test(
        "each export has its type and its name, and fits the trace", arguments: TraceExport.allCases
    )
    func exports(_ format: TraceExport) async throws {
        let (client, ids) = try await client([Self.trace(curves: 3)])
        let response = await client.get("/api/traces/\(ids[0])/export/\(format.rawValue)")
        #expect(response.status == 200 && response.contentType == format.mediaType)
        let name = "upload-1.\(format.ending)"
        #expect(
            response.header("Content-Disposition") == "attachment; filename=\"\(name)\"")
        let begin = [
            TraceExport.html: "<!doctype html>", .svg: "<svg", .dot: "digraph",
            .jsonl: "{\"t\":\"header\"",
            .csv: "",
        ]
        if let begin = begin[format] { #expect(await response.text().hasPrefix(begin)) }
    }

    @Test("an export that does not fit says why")
    func exportErrors() async throws {
        let header = Self.trace().split(separator: "\n")[0] + "\n"
        let (client, ids) = try await client([String(header), Self.trace()])
        #expect(await client.get("/api/traces/\(ids[0])/export/svg").status == 422)
        #expect(await client.get("/api/traces/\(ids[1])/export/svg?at=999").status == 422)
        #expect(await client.get("/api/traces/\(ids[1])/export/onnx").status == 404)
    }

    @Test("curves keep what is no number, and norms of gradients become a map")
    func curves() async throws {
        let (client, ids) = try await client([Self.trace(curves: 6)])
        let view = try await client.get("/api/traces/\(ids[0])/curves?smooth=0.5").object
        let series = try #require((view["series"] as? [[String: Any]])?.first)
        #expect(series["name"] as? String == "loss" && series["nonFinite"] as? Int == 2)
        let points = try #require(series["points"] as? [[Any]])
        #expect(points.count == 6 && points[3][1] as? String == "NaN")
        #expect(points[4][1] as? String == "Infinity" && points[5][1] as? Double == 5.5)
        let heat = try #require(view["heat"] as? [String: Any])
        #expect(heat["names"] as? [String] == ["fc1.weight"])
        #expect((heat["norms"] as? [[Double]])?[0] == [1, 2, 3, 4, 5, 6])
        let stream = await client.get("/api/traces/\(ids[0])/curves/events").text()
        #expect(
            stream.contains("event: curves\ndata: {") && stream.hasSuffix("event: end\ndata: \n\n"))
        #expect(await client.get("/api/traces/\(ids[0])/curves?smooth=2").status == 422)
        let late = try await client.get("/api/traces/\(ids[0])/curves?recent=0.2").object
        #expect((late["series"] as? [[String: Any]])?[0]["count"] as? Int == 2)
    }

    @Test("the table that a run leaves has curves too")
    func metricsTable() async throws {
        let table = "epoch,step,train_loss,held_out_loss\n1,10,0.5,nan\n2,20,0.25,0.75\n"
        try await withStudioFolder(["runs/digits/metrics.csv": table]) { folder in
            var configuration = StudioCore.Configuration()
            configuration.folder = folder.path
            let client = StudioClient(configuration)
            let view = try await client.get("/api/traces/file:digits/curves").object
            let series = try #require(view["series"] as? [[String: Any]])
            #expect(series.map { $0["name"] as? String } == ["train_loss", "held_out_loss"])
            #expect(series[0]["points"] as? [[Double]] == [[10, 0.5], [20, 0.25]])
            #expect(series[1]["nonFinite"] as? Int == 1)
        }
    }
}
