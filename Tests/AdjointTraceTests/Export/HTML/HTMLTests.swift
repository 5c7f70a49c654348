import AdjointData
import Foundation
import Testing

@testable import AdjointTrace

/// The viewer and a trace as one page. What browsers make of it is tested in `web/tests/browser`.
@Suite struct HTMLTests {
    private func payload(_ page: String) throws -> TraceDocument {
        let script = try #require(page.ranges(of: "id=\"trace\" data-encoding=\"").first)
        let encoding = page[script.upperBound...].prefix(while: { $0 != "\"" })
        let open = try #require(page[script.upperBound...].firstIndex(of: "\n"))
        let close = try #require(page[open...].ranges(of: "</script>").first)
        let text = page[open..<close.lowerBound].filter { !$0.isWhitespace }
        var data = try #require(Data(base64Encoded: String(text)))
        if encoding == "gzip" { data = try gunzipped(data) }
        return try TraceDocument(jsonLines: Array(data))
    }

    private func gunzipped(_ data: Data) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "gzip -dc"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: data)
        try input.fileHandleForWriting.close()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes
    }

    @Test("A page holds the whole trace, packed, under its new title")
    func trace() throws {
        let seed = SampleTraces.seed
        let page = try seed.html(title: "y & its <gradient>")
        #expect(page.contains("<title>y &amp; its &lt;gradient&gt;</title>"))
        let found = try payload(page)
        #expect(found.header?.title == "y & its <gradient>")
        #expect(found.records.dropFirst() == seed.records.dropFirst())
        #expect(try seed.html() == seed.html(), "the same trace gives the same page")
        #expect(try payload(seed.html()) == seed)
    }

    @Test("A page names no address but its own data: no network, and a policy that says so")
    func offline() throws {
        let page = try SampleTraces.seed.html()
        #expect(page.contains("content=\"default-src 'none'; script-src 'unsafe-inline' data:;"))
        let modules = HTMLModules.importMap
        for module in HTMLModules.needed() {
            #expect(modules.contains("\"adjoint/\(module.name)\":\"data:text/javascript;base64,"))
            #expect(
                !module.name.contains("/"), "\(module.name) cannot be named from a data: address")
        }
        for attribute in ["src=", "href="] {
            let values = page.ranges(of: attribute).map {
                page[$0.upperBound...].dropFirst().prefix(5)
            }
            #expect(values.allSatisfy { $0 == "data:" }, "\(attribute) leads elsewhere: \(values)")
        }
    }

    @Test("The modules' import map is JSON, and no module names a file beside it")
    func importMap() throws {
        let object = try JSONSerialization.jsonObject(with: Data(HTMLModules.importMap.utf8))
        let imports = try #require((object as? [String: [String: String]])?["imports"])
        #expect(imports["adjoint/main.js"] != nil && imports["adjoint/layout.js"] != nil)
        #expect(imports["adjoint/layout-worker.js"] == nil, "only what the entry reaches is there")
        for (name, address) in imports {
            let letters = try #require(address.split(separator: ",").last)
            let text = String(
                decoding: try #require(Data(base64Encoded: String(letters))), as: UTF8.self)
            #expect(!text.contains(" from \"./"), "\(name) names a file beside it")
        }
    }

    @Test("Without scripts there is a table of the values at the end")
    func finalValues() throws {
        let page = try SampleTraces.seed.html()
        let start = try #require(page.ranges(of: "<noscript>").first?.upperBound)
        let end = try #require(page.ranges(of: "</noscript>").first?.lowerBound)
        let text = page[start..<end]
        #expect(text.contains("<tr><td>x</td><td></td><td>[]</td><td>2</td><td>7</td>"))
        #expect(text.contains("<td>add</td><td>[]</td><td>10</td><td>1</td>"))
    }

    @Test("Hostile names stay text")
    func hostile() throws {
        var document = TraceDocument()
        document.append(
            .header(TraceHeader(library: "</noscript><script>", title: "</title><script>")))
        document.append(
            .tensor(
                TraceTensor(
                    id: 0, name: "</noscript><img src=x onerror=alert(1)>\u{0}\u{1B}", shape: [],
                    dtype: "float32", requiresGrad: true, leaf: true)))
        let page = try document.html()
        #expect(!page.contains("<img") && !page.contains("<script>"))
        #expect(
            page.contains("&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;\u{FFFD}\u{FFFD}"))
        #expect(try payload(page) == document)
    }

    @Test("A page over the limit is made only when asked for whole; one of nothing never")
    func limits() throws {
        #expect(throws: ExportError.self) { try TraceDocument().html() }
        var document = SampleTraces.seed
        var state: UInt32 = 1
        for i in 0..<60_000 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let noise = (0..<16).map { Double(state &* UInt32(2 * $0 + 1)) }
            document.append(
                .tensor(
                    TraceTensor(
                        id: 100 + i, shape: [16], dtype: "float32", requiresGrad: false, leaf: true,
                        value: .full(noise, exact: true))))
        }
        #expect {
            try document.html()
        } throws: {
            let error = $0 as? ExportError
            return error?.kind == .tooLarge && error?.problem.contains("over 5000000") == true
        }
        #expect(try document.html(isWhole: true).utf8.count > TraceDocument.pageLimit)
    }

    @Test("A page is written whole or not at all")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "adjoint-html-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("run.html").path
        try SampleTraces.seed.writeHTML(to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == SampleTraces.seed.html())
        #expect(throws: DataFileError.self) {
            try SampleTraces.seed.writeHTML(to: folder.appendingPathComponent("no/run.html").path)
        }
    }

    @Test("Base64 as RFC 4648 writes it", arguments: 0..<70)
    func base64(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
        #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
    }

    @Test("The embedded files are those of web/")
    func assets() throws {
        let index = try #require(WebAsset.named("index.html"))
        #expect(index.mediaType == "text/html" && index.text.contains("/assets/main.js"))
        #expect(Set(WebAsset.all.map(\.name)).count == WebAsset.all.count)
        #expect(WebAsset.all.allSatisfy { !$0.text.isEmpty && !$0.mediaType.isEmpty })
    }
}
