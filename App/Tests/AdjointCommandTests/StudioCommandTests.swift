import Foundation
import Testing

/// `adjoint studio` as a process: what it prints, what it answers over HTTP, how it ends.
@Suite struct StudioCommandTests {
    private static let header =
        #"{"t":"header","format":"autograd-trace","version":1,"library":"Adjoint"}"# + "\n"

    @Test("the first line is the address; an interrupt ends it cleanly")
    func lifetime() throws {
        try withFolder { folder in
            let studio = try StudioProcess(in: folder)
            #expect(studio.firstLine == "http://127.0.0.1:\(studio.port)/")
            #expect(try studio.get("/").hasPrefix("HTTP/1.1 200 OK\r\n"))
            let end = studio.stop()
            #expect(end.status == 0 && end.errors.isEmpty, "\(end)")
        }
    }

    @Test("a port in use, a file that is not there and a host that is none are one line each")
    func errors() throws {
        try withFolder { folder in
            let studio = try StudioProcess(in: folder)
            let port = String(studio.port)
            for (arguments, status, words) in [
                (["--port", port], 1, "port \(port) of 127.0.0.1 is in use"),
                (["none.jsonl"], 1, "no trace file none.jsonl"),
                (["--port", "0", "--host", "x.y"], 1, "host x.y is no address"),
                (["--port", "70000"], 2, "--port is 70000"),
            ] {
                let result = try AdjointProcess(["studio"] + arguments, in: folder)
                #expect(result.status == Int32(status) && result.output.isEmpty)
                #expect(result.errors.contains(words), "\(result.errors)")
                #expect(result.errors.split(separator: "\n").count == 1)
            }
        }
    }

    @Test("another host's name is refused, and paths that climb; HEAD has no body")
    func safety() throws {
        try withFolder(["secret.txt": "s"]) { folder in
            let studio = try StudioProcess(in: folder)
            #expect(try studio.get("/", host: "evil.example").hasPrefix("HTTP/1.1 421 "))
            for path in ["/assets/../../secret.txt", "/assets/%2e%2e/secret.txt"] {
                #expect(try studio.get(path).hasPrefix("HTTP/1.1 400 "))
            }
            let head = "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try studio.exchange(Data(head.utf8))
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\n"))
            #expect(
                answer.contains("Content-Security-Policy: default-src 'none'; script-src 'self'"))
        }
    }

    @Test("a body over the limit is answered with 413, and the studio goes on")
    func tooLarge() throws {
        try withFolder { folder in
            let studio = try StudioProcess(in: folder)
            let size = 2 << 20
            let head =
                "POST /api/run HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: \(size)\r\n\r\n"
            let answer = try studio.exchange(Data(head.utf8) + Data(repeating: 32, count: size))
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            let huge =
                "POST /api/traces HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Length: 999999999999\r\n\r\n"
            #expect(try studio.exchange(Data(huge.utf8)).hasPrefix("HTTP/1.1 413 "))
            #expect(try studio.get("/").hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("a growing trace is followed, across a restart, without losing or repeating a line")
    func live() throws {
        try withFolder(["a.trace.jsonl": Self.header]) { folder in
            let file = folder.appendingPathComponent("a.trace.jsonl")
            func append(_ range: Range<Int>) throws {
                let handle = try FileHandle(forWritingTo: file)
                try handle.seekToEnd()
                for i in range {
                    try handle.write(
                        contentsOf: Data(#"{"t":"ev","i":\#(i),"e":"note","text":"n"}"#.utf8))
                    try handle.write(contentsOf: Data("\n".utf8))
                }
                try handle.close()
            }
            let first = try StudioProcess(in: folder)
            try append(0..<10)
            let stream = "/api/traces/file:a/events"
            let early = try first.get(stream, until: "id: 10\n")
            #expect(early.contains("Content-Type: text/event-stream"))
            #expect(first.stop().status == 0)
            try append(10..<20)
            let second = try StudioProcess(in: folder, port: first.port)
            let late = try second.get(stream, ["Last-Event-ID: 10"], until: "id: 20\n")
            let ids = (early + late).matches(of: /id: ([0-9]+)\n/).compactMap { Int($0.1) }
            #expect(ids == Array(0...20))
        }
    }
}
