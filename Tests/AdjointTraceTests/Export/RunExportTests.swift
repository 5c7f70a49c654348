import Foundation
import Testing

@testable import AdjointTrace

/// CSV, Chrome trace and TensorBoard.
@Suite struct RunExportTests {
    @Test("Metrics as CSV: quoted where needed, NaN and infinities kept")
    func csv() throws {
        var document = SampleTraces.seed
        for (i, (name, value)) in [
            ("loss", Double.nan), ("a,\"b\"\n", 0.1), ("loss", -.infinity), ("loss", 2),
        ].enumerated() {
            document.append(
                .event(
                    TraceEvent(
                        index: 16 + i,
                        .metric(.init(name: name, y: value, step: i, epoch: i == 3 ? 0.5 : nil)))))
        }
        #expect(
            try document.csv()
                == "event,step,epoch,metric,value\r\n15,0,,loss,10\r\n16,0,,loss,NaN\r\n"
                + "17,1,,\"a,\"\"b\"\"\n\",0.1\r\n18,2,,loss,-Infinity\r\n19,3,0.5,loss,2\r\n")
        #expect(throws: ExportError.self) { try SampleTraces.blocks(1).csv() }
    }

    private func events(_ document: TraceDocument) throws -> [[String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(document.chromeTrace()))
        return try #require((object as? [String: Any])?["traceEvents"] as? [[String: Any]])
    }

    @Test("A Chrome trace: slices nest, ids are numbers, each operation points to its derivative")
    func chrome() throws {
        let events = try events(SampleTraces.seed)
        let slices = events.filter { $0["ph"] as? String == "X" }
        #expect(
            slices.compactMap { $0["name"] as? String } == [
                "pow", "mul", "add", "backward pass 0", "AddBackward", "MulBackward", "PowBackward",
            ])
        var open: [Double] = []
        for slice in slices {
            let (start, length) = (slice["ts"] as! Double, slice["dur"] as! Double)
            while let end = open.last, end <= start { open.removeLast() }
            #expect(length >= 0 && open.allSatisfy { start + length <= $0 })
            open.append(start + length)
        }
        let arrows = events.filter { ["s", "f"].contains($0["ph"] as? String) }
        #expect(arrows.compactMap { $0["id"] as? Int } == [1, 1, 2, 2, 3, 3])
        #expect(arrows.allSatisfy { $0["name"] as? String == "gradient" })
        let names = events.filter { $0["ph"] as? String == "M" }
        #expect(names.count == 2)
    }

    @Test("The counter follows what is saved and what is freed; modules are slices")
    func counters() throws {
        var document = SampleTraces.blocks(2, operations: 1)
        for i in 0..<2 {
            document.append(.event(TraceEvent(index: i, .forward(.init(node: i)))))
        }
        document.append(.event(TraceEvent(index: 2, .free(.init(node: 1)))))
        let events = try events(document)
        let counters = events.filter { $0["ph"] as? String == "C" }
        #expect(
            counters.compactMap { ($0["args"] as? [String: Int])?["bytes"] } == [8, 16, 8])
        let modules = events.filter { $0["cat"] as? String == "module" }
        #expect(modules.compactMap { $0["name"] as? String } == ["model", "block 0", "block 1"])
    }

    @Test("Slices that overlap are cut to fit into the one around them")
    func nesting() {
        func slice(_ name: String, _ start: Double, _ end: Double, _ level: Int = 1) -> ChromeSlice
        {
            ChromeSlice(name: name, category: "", start: start, end: end, level: level)
        }
        let nested = ChromeSlice.nested([
            slice("c", 6, 12), slice("a", 0, 10, 0), slice("b", 0, 5), slice("d", 12, 12),
        ])
        #expect(nested.map(\.name) == ["a", "b", "c", "d"])
        #expect(nested.map(\.end) == [10, 5, 10, 12])
    }

    @Test("A TensorBoard file: framed events, the version first, then graph, histograms, scalars")
    func tensorBoard() throws {
        let bytes = SampleTraces.seed.tensorBoardEvents()
        var records: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let header = Array(rest.prefix(8))
            let length = Int(header.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            let content = Array(rest.dropFirst(12).prefix(length))
            let frame = Array(rest.prefix(length + 16))
            #expect(frame == TFRecord.frame(content))
            records.append(content)
            rest = rest.dropFirst(length + 16)
        }
        // The version, the graph, two gradients, and the loss.
        #expect(records.count == 5)
        #expect(String(decoding: records[0], as: UTF8.self).contains("brain.Event:2"))
        #expect(String(decoding: records[1], as: UTF8.self).contains("mul_n1"))
        #expect(String(decoding: records[2], as: UTF8.self).contains("x/gradient"))
        #expect(String(decoding: records[4], as: UTF8.self).contains("loss"))
        // Field 1 of each event is its time: 2025-01-31T12:30:00Z, and 52 µs.
        let time = records[4][1..<9].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(Double(bitPattern: time) == 1_738_326_600.000052)
    }

    @Test("Times are read as RFC 3339 has them")
    func timestamps() {
        #expect(Timestamp.seconds("1970-01-01T00:00:00Z") == 0)
        #expect(Timestamp.seconds("2000-02-29T12:00:00.5+01:30") == 951_820_200.5)
        #expect(Timestamp.seconds("1969-12-31T23:59:59Z") == -1)
        #expect(Timestamp.seconds("2025-13-01T00:00:00Z") == nil)
        #expect(Timestamp.seconds("yesterday") == nil)
    }
}
