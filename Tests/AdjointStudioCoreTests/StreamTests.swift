import Foundation
import Testing

@testable import AdjointStudioCore

/// Traces as documents, and as streams that can be resumed.
@Suite struct StreamTests {
    private static func line(_ index: Int) -> Data { Data(#"{"t":"ev","i":\#(index)}"#.utf8) }

    private func events(_ feed: any TraceFeed, from start: Int = 0) -> TraceEvents {
        TraceEvents(
            feed, from: start, pollInterval: .milliseconds(1), heartbeatInterval: .seconds(60))
    }

    private func next(_ events: TraceEvents) async -> String? {
        await events.next().map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("a record is an event with its number, and the end is told")
    func frames() async {
        let log = TraceLog([Self.line(0), Self.line(1)], isComplete: true)
        let events = events(log)
        #expect(await next(events) == "retry: 500\n\n")
        #expect(
            await next(events)
                == "id: 0\ndata: {\"t\":\"ev\",\"i\":0}\n\nid: 1\ndata: {\"t\":\"ev\",\"i\":1}\n\n")
        #expect(await next(events) == "event: end\ndata: 2\n\n")
        #expect(await next(events) == nil)
    }

    @Test("line ends of every kind inside of data begin a new field")
    func lineEnds() {
        #expect(
            ServerSentEvents.frame(data: "a\nb\r\nc\rd")
                == "data: a\ndata: b\ndata: c\ndata: d\n\n")
    }

    @Test("a reader that comes back goes on after what it saw")
    func resume() {
        let client = StudioClient()
        func start(_ last: String?, _ query: String = "") -> Int {
            ServerSentEvents.start(
                client.request("GET", "/x?\(query)", last.map { [("Last-Event-ID", $0)] } ?? []))
        }
        #expect(start("7") == 8 && start("7", "from=3") == 8)
        #expect(start(nil, "from=3") == 3 && start(nil) == 0)
        for nonsense in ["", "x", "-1", "99999999999999999999", "\(Int.max)"] {
            #expect(start(nonsense) == 0, "\(nonsense)")
        }
    }

    @Test("lines that are appended while a reader waits reach it, each once")
    func growing() async {
        let log = TraceLog()
        let events = events(log)
        _ = await events.next()
        let writer = Task {
            for index in 0..<50 {
                log.append(Self.line(index))
                await Task.yield()
            }
            log.finish()
        }
        var text = ""
        while let part = await next(events) { text += part }
        await writer.value
        let ids = text.matches(of: /id: ([0-9]+)/).compactMap { Int($0.1) }
        #expect(ids == Array(0..<50) && text.hasSuffix("event: end\ndata: 50\n\n"))
    }

    @Test("streams end in order when the studio is about to end")
    func ending() async {
        let client = StudioClient()
        let response = await client.get("/api/traces/live:slow/events")
        client.core.close()
        #expect(await response.text() == "retry: 500\n\n")
    }

    @Test("of a file, finished lines alone are read, and a replaced file begins anew")
    func tail() async throws {
        try await withStudioFolder(["t.jsonl": "{\"a\":1}\n\n{\"b\""]) { folder in
            let file = folder.appendingPathComponent("t.jsonl")
            let tail = TraceTail(path: file.path)
            func lines(_ start: Int) throws -> [String] {
                try tail.lines(from: start, limit: 9).lines.map {
                    String(decoding: $0, as: UTF8.self)
                }
            }
            #expect(try lines(0) == ["{\"a\":1}"])
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            try handle.write(contentsOf: Data(":2}\r\n{\"c\":3}\n".utf8))
            #expect(try lines(1) == ["{\"b\":2}", "{\"c\":3}"])
            let events = events(tail, from: 3)
            _ = await events.next()
            try handle.write(contentsOf: Data("{\"d\":4}\n".utf8))
            #expect(await next(events) == "id: 3\ndata: {\"d\":4}\n\n")
            try handle.truncate(atOffset: 0)
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data("{\"n\":0}\n".utf8))
            #expect(
                await next(events)
                    == "event: reset\ndata: the trace began anew\n\nid: 0\ndata: {\"n\":0}\n\n")
            try FileManager.default.removeItem(at: file)
            #expect(await next(events)?.hasPrefix("event: problem\n") == true)
            #expect(await next(events) == nil)
        }
    }

    @Test("long files are read in parts, wherever a part ends")
    func parts() async throws {
        let text = (0..<3000).map { "{\"i\":\($0)}\n" }.joined()
        try await withStudioFolder(["a.trace.jsonl": text]) { folder in
            var configuration = StudioCore.Configuration()
            configuration.files = [folder.path + "/a.trace.jsonl"]
            let client = StudioClient(configuration)
            let all = await client.get("/api/traces/file:a?format=jsonl").text()
            #expect(all == text)
            let some = await client.get("/api/traces/file:a?from=2500&count=2").text()
            #expect(some == "{\"records\":[{\"i\":2500},{\"i\":2501}]}")
            let none = await client.get("/api/traces/file:a?from=9000").text()
            #expect(none == "{\"records\":[]}")
        }
    }

    @Test("a damaged line does not spoil the document around it")
    func damaged() async throws {
        let text = "x\n{\"i\":0}\n{\"i\"\n[1]\n{\"i\":1}\n"
        try await withStudioFolder(["a.trace.jsonl": text]) { folder in
            var configuration = StudioCore.Configuration()
            configuration.folder = folder.path
            let document = await StudioClient(configuration).get("/api/traces/file:a").text()
            #expect(document == "{\"records\":[{\"i\":0},{\"i\":1}]}")
        }
    }

    @Test("traces are found in the folder and in the folders of runs, and get names")
    func catalog() async throws {
        let files = [
            "a.trace.jsonl": "", "runs/one/trace.jsonl": "", "runs/two/trace.jsonl": "",
            "runs/two/model.safetensors": "", "b.jsonl": "",
        ]
        try await withStudioFolder(files) { folder in
            let given = folder.path + "/b.jsonl"
            let catalog = TraceCatalog(files: [given], folder: folder.path)
            let ids = catalog.list().map(\.id)
            #expect(ids.first == "file:b")
            #expect(Set(ids) == ["file:b", "file:a", "file:one", "file:two"])
            #expect(catalog.feed("file:later") == nil)
            try Data().write(to: folder.appendingPathComponent("later.trace.jsonl"))
            #expect(catalog.feed("file:later") != nil)
        }
    }
}
