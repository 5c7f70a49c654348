import Foundation
import Testing

@testable import AdjointTrace

/// DOT and Mermaid.
@Suite struct TextPictureTests {
    /// What somebody might call a tensor, to break the languages of pictures.
    static let hostile = [
        "a\"b", "back\\slash\\", "two\nlines", "<img src=x onerror=alert(1)>", "x & y &amp;",
        "`code`",
        "#quot;", "]]>", "--> end", "}; digraph {", "\u{1B}[31m\u{0}", "名前 🙂", "%%{init}%%", "",
    ]

    @Test("DOT of the seed holds values, gradients and lines")
    func dot() throws {
        #expect(
            try SampleTraces.seed.dot() == """
                digraph trace {
                  rankdir=TB;
                  graph [fontname="Helvetica", fontsize=11, ranksep=0.35, nodesep=0.25];
                  node [shape=box, fontname="Helvetica", fontsize=11, style=filled, \
                fillcolor=white, margin="0.12,0.06"];
                  edge [fontname="Helvetica", fontsize=9, arrowsize=0.6];
                  labelloc=t; label="y = x² + 3x\\nafter 16 events";
                  t0 [label="x\\n[] float32\\n= 2\\n∂ 3 + 4 = 7", shape=ellipse, \
                fillcolor="#e6f0fb"];
                  n0 [label="pow(n: 2)\\n[] float32\\n= 4\\n∂ 1\\nfreed\\nmain.swift:2", \
                fillcolor="#e4f4ee"];
                  c1_0 [label="3", shape=plaintext, fillcolor="#e6f0fb"];
                  n1 [label="mul\\n[] float32\\n= 6\\n∂ 1\\nmain.swift:2", fillcolor="#e4f4ee"];
                  n2 [label="add\\n[] float32\\n= 10\\n∂ 1\\nmain.swift:2", fillcolor="#e4f4ee"];
                  t0 -> n0 [label="∂ 4"];
                  c1_0 -> n1;
                  t0 -> n1 [label="∂ 3"];
                  n0 -> n2 [label="∂ 1"];
                  n1 -> n2 [label="∂ 1"];
                }

                """)
    }

    @Test("At an earlier event only what has happened is there")
    func moments() throws {
        let early = try SampleTraces.seed.dot(at: 1)
        #expect(early.contains("n1 [") && !early.contains("n2 ["))
        #expect(early.contains("event 1 of 15: mul(3, x) = 6") && !early.contains("∂ 1"))
        let middle = try SampleTraces.seed.dot(at: 9)
        #expect(middle.contains("∂ 3\"") && !middle.contains("3 + 4 = 7"))
        #expect(throws: ExportError.self) { try SampleTraces.seed.dot(at: 99) }
        do {
            _ = try SampleTraces.seed.dot(at: 99)
        } catch {
            #expect(error.kind == .noSuchEvent)
            #expect(error.description == "the trace has no event 99; its events go up to 15")
        }
        #expect(throws: ExportError.self) { try TraceDocument().dot() }
    }

    @Test("Names are text in every picture", arguments: hostile)
    func escapes(_ name: String) throws {
        var document = TraceDocument()
        for record in SampleTraces.seed.records {
            if case .tensor(var tensor) = record, tensor.id == 0 {
                tensor.name = name
                document.append(.tensor(tensor))
            } else if case .header(var header) = record {
                header.title = name
                document.append(.header(header))
            } else if case .node(var node) = record {
                node.op = name
                document.append(.node(node))
            } else {
                document.append(record)
            }
        }
        let svg = try document.svg()
        let elements = try #require(XMLText.elements(of: svg))
        #expect(elements.subtracting(XMLText.known).isEmpty)
        let mermaid = try document.mermaid()
        #expect(
            !mermaid.contains("<img")
                && mermaid.split(separator: "\n").allSatisfy {
                    $0.hasPrefix("  ") || $0.hasPrefix("flowchart")
                })
        let dot = try document.dot()
        let quotes = dot.replacing("\\\\", with: "").replacing("\\\"", with: "")
        #expect(quotes.split(separator: "\n").allSatisfy { $0.count { $0 == "\"" } % 2 == 0 })
        if let canonical = try Graphviz.canonical(dot) {
            #expect(canonical.contains("digraph trace"))
        }
    }

    @Test("Scopes are clusters, nested, each once")
    func clusters() throws {
        let dot = try SampleTraces.blocks(3).dot()
        #expect(dot.components(separatedBy: "subgraph cluster_").count == 5)
        #expect(dot.filter { $0 == "{" }.count == dot.filter { $0 == "}" }.count)
        let mermaid = try SampleTraces.blocks(3).mermaid()
        #expect(mermaid.components(separatedBy: "subgraph ").count == 5)
        #expect(mermaid.components(separatedBy: "\n").count { $0.hasSuffix("end") } == 4)
        if let canonical = try Graphviz.canonical(dot) {
            #expect(canonical.contains("cluster_s3"))
        }
    }

    @Test("Long edges become pairs of chips, unless 0 keeps them")
    func cuts() throws {
        var document = SampleTraces.blocks(10)
        document.append(
            .node(
                TraceNode(
                    id: 30, op: "add", gradFn: "AddBackward",
                    inputs: [.init(tensor: 0), .init(tensor: 30)], outputs: [31],
                    next: [.leaf(0), .node(29)])))
        let dot = try document.dot()
        #expect(dot.contains("k0 [label=\"to add (n30)\"") && dot.contains("k1 -> n30"))
        #expect(!dot.contains("t0 -> n30"))
        #expect(try document.dot(cut: 0).contains("t0 -> n30"))
        if let canonical = try Graphviz.canonical(dot) { #expect(canonical.contains("k1")) }
    }

    @Test("Mermaid collapses modules until its limits hold, and refuses what is still too large")
    func mermaidLimits() throws {
        let small = try SampleTraces.blocks(2).mermaid()
        #expect(small.contains("n5[") && !small.contains("[["))
        let large = try SampleTraces.blocks(300).mermaid()
        #expect(large.contains("s7[[\"block 6<br/>3 operations\"]]"))
        #expect(large.components(separatedBy: "-->").count - 1 <= MermaidText.edgeLimit)
        let larger = try SampleTraces.blocks(700).mermaid()
        #expect(larger.contains("s0[[\"model<br/>2100 operations\"]]"))
        var flat = TraceDocument()
        for record in SampleTraces.blocks(300).records {
            if case .node(var node) = record {
                node.scope = nil
                flat.append(.node(node))
            } else if case .scope = record {
            } else {
                flat.append(record)
            }
        }
        do {
            _ = try flat.mermaid()
            Issue.record("a chart of 900 edges")
        } catch {
            #expect(error.kind == .tooLarge && error.problem.contains("900 edges"))
            #expect(error.advice.contains("SVG"))
        }
    }
}
