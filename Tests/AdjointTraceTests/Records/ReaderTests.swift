import AdjointTrace
import Testing

@Suite("reading a trace") struct ReaderTests {
    private static let header =
        #"{"t":"header","format":"autograd-trace","version":1,"library":"x"}"#

    private func read(_ lines: String...) throws -> TraceDocument {
        try TraceDocument(jsonLines: ([ReaderTests.header] + lines).joined(separator: "\n").utf8)
    }

    @Test("every prefix of a trace is readable, and says that it is cut off")
    func prefixes() throws {
        let bytes = Array(SeedTrace.text.utf8)
        let whole = try SeedTrace.document()
        let first = try #require(bytes.firstIndex(of: 0x0A))
        for end in first...bytes.count {
            let document = try TraceDocument(jsonLines: bytes[..<end])
            #expect(document.records.count <= whole.records.count)
            #expect(document.records == Array(whole.records.prefix(document.records.count)))
            if let problem = document.problem { #expect(problem.isTruncation) }
            let complete = bytes[..<end].count { $0 == 0x0A }
            #expect(document.records.count >= complete)
        }
    }

    @Test("a file that grows gives its records in whatever pieces it comes")
    func following() throws {
        let bytes = Array(SeedTrace.text.utf8)
        let whole = try SeedTrace.document()
        for size in [1, 7, 64, 1000] {
            var reader = TraceReader()
            var records: [TraceRecord] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                records += reader.push(bytes[start..<min(start + size, bytes.count)])
            }
            records += reader.finish()
            #expect(records == whole.records)
            #expect(reader.problem == nil)
        }
    }

    @Test("unknown fields are ignored, unknown kinds are counted")
    func unknown() throws {
        let document = try read(
            #"{"t":"rule","id":"f","forward":"f","vjp":[],"later":{"a":[1]}}"#,
            #"{"t":"layout","id":1}"#, #"{"t":"ev","i":0,"e":"teleport"}"#,
            #"{"t":"ev","i":1,"e":"note","text":"a"}"#)
        #expect(document.rule("f") != nil)
        #expect(document.skipped == 2)
        #expect(document.problem == nil)
        #expect(document.eventCount == 1)
    }

    @Test("a damaged line ends the reading, with its number and what is wrong")
    func damaged() throws {
        let cases: [(String, String)] = [
            (#"{"t":"node","id":0,"op":"a","outputs":[]}"#, "inputs is missing"),
            (#"{"t":"node","id":-1,"op":"a","inputs":[],"outputs":[]}"#, "id is negative"),
            (#"{"t":"node","id":1.5,"op":"a","inputs":[],"outputs":[]}"#, "id is no whole number"),
            (#"{"t":"tensor","id":0,"shape":[-1],"dtype":"float32"}"#, "shape is negative"),
            (#"{"id":0}"#, "t is missing"), ("[1]", "no object"), ("{", "ends too early"),
            ("{\"t\":\"ev\",\"t\":1}", "twice"), ("nul", "a value was expected"),
            (#"{"t":"note"#, "does not end"), (#"{"t":"\ud800"}"#, "half a character"),
            (#"{"t":01}"#, "0 too many"), (#"{"t":-1e999}"#, "larger than 64 bits"),
            (#"{"t":1.}"#, "a digit was expected"),
            (#"{"t":"file","id":0,"path":"a"} x"#, "after the end"),
            (#"{"t":"ev","i":0,"e":"accumulate","tensor":0}"#, "mode is missing"),
            (String(repeating: "[", count: 100_000), "nested"),
            (
                #"{"t":"header","format":"autograd-trace","version":2,"library":"x"}"#,
                "version is 2"
            ),
        ]
        for (line, message) in cases {
            let good = #"{"t":"ev","i":0,"e":"note","text":"a"}"#
            let document = try read(good, line, good)
            #expect(document.problem?.line == 3, "\(line.prefix(60))")
            #expect(
                document.problem?.message.contains(message) == true,
                "\(line.prefix(60)): \(document.problem?.message ?? "")")
            #expect(document.eventCount == 1)
            #expect(document.problem?.isTruncation == false)
        }
    }

    @Test("what is no trace is refused")
    func noTrace() {
        for text in [
            "", "\n\n", "hello", "{}", #"{"t":"ev","i":0,"e":"note","text":"a"}"#, "[[", "\u{0}",
        ] {
            #expect(throws: TraceProblem.self) { try TraceDocument(jsonLines: text.utf8) }
        }
    }

    @Test("limits on lines and records hold")
    func limits() throws {
        let note =
            #"{"t":"ev","i":0,"e":"note","text":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#
        let text = ReaderTests.header + "\n" + note + "\n" + note + "\n"
        let few = try TraceDocument(jsonLines: text.utf8, limits: .init(records: 2))
        #expect(few.records.count == 2)
        #expect(few.problem?.message.contains("more than 2 records") == true)
        let short = try TraceDocument(jsonLines: text.utf8, limits: .init(lineBytes: 70))
        #expect(short.records.count == 1)
        #expect(short.problem?.message.contains("longer than 70 bytes") == true)
    }

    @Test("no bytes crash the reader")
    func noise() {
        var state: UInt64 = 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let bytes = Array(SeedTrace.text.utf8)
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0...next() % 8 {
                damaged[Int(next()) % damaged.count] = UInt8(truncatingIfNeeded: next())
            }
            if let document = try? TraceDocument(jsonLines: damaged) {
                #expect(document.records.count <= bytes.count)
                _ = document.jsonLines
            }
        }
    }

    @Test("a document in one object reads as one in lines")
    func oneObject() throws {
        let lines = SeedTrace.text.split(separator: "\n").joined(separator: ",")
        let document = try TraceDocument(jsonLines: "{\"records\":[\(lines)]}".utf8)
        #expect(document.records == (try SeedTrace.document()).records)
    }
}
