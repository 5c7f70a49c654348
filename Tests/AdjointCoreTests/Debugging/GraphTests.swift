import Testing

@testable import AdjointCore

@Suite struct GraphTests {
    @Test("Nodes are the operations and leaves, each once, the newest first, with their edges")
    func nodes() {
        let (x, w) = (leaf([2, 3]), leaf([4, 5]))
        let graph = ((x * w).exp() + x).graph()
        #expect(
            graph.nodes.map(\.name) == [
                "AddBackward", "ExpBackward", "MulBackward", "AccumulateGrad", "AccumulateGrad",
            ])
        #expect(graph.nodes[2].inputs.map { $0?.node } == [3, 4])
        #expect(graph.nodes[0].inputs.map { $0?.node } == [1, 3])
        #expect(graph.nodes[1].saved.map(\.place) == ["output 0"])
        #expect(graph.nodes[2].saved.map(\.shape) == [[2], [2]])
        #expect(graph.nodes[3].isLeaf && !graph.nodes[2].isLeaf)
        #expect(x.graph().nodes.map(\.name) == ["AccumulateGrad"])
        #expect(Tensor([1.0]).graph().nodes.isEmpty)
    }

    @Test("text() is a tree: chains run down, branches are indented, a node is printed once")
    func text() {
        let x = leaf([2, 3])
        let y = (x ** 2 + 3 * x).sum()
        #expect(
            y.graph(naming: [("x", x)]).text()
                == """
                #0 SumBackward [] float64
                #1 AddBackward [2] float64
                ├─ #2 PowScalarBackward [2] float64, saves input 0 [2]
                │  #3 AccumulateGrad [2] float64 "x"
                └─ #4 MulBackward [2] float64
                   #3 AccumulateGrad, above
                """.replacing(
                    "PowScalar", with: y.graph().nodes[2].name.replacing("Backward", with: "")))
    }

    @Test("dot() and mermaid() are plain text, the same each time, data flowing down")
    func drawings() {
        let x = leaf([2, 3])
        let graph = x.exp().graph(naming: [("the \"x\"", x)])
        #expect(
            graph.dot() == """
                digraph {
                  rankdir=TB;
                  node [shape=box, fontname="Helvetica"];
                  n0 [label="ExpBackward\\n[2] float64", style=filled, fillcolor=lightgreen];
                  n1 [label="the 'x'\\n[2] float64", style=filled, fillcolor=lightblue];
                  n1 -> n0;
                }
                """)
        #expect(
            graph.mermaid() == """
                flowchart TD
                  n0["ExpBackward<br/>[2] float64"]
                  n1(["the 'x'<br/>[2] float64"])
                  n1 --> n0
                """)
        #expect(graph.dot() == x.exp().graph(naming: [("the \"x\"", x)]).dot())
    }

    @Test("A graph of 100,000 operations is walked without recursion and printed up to a limit")
    func deep() {
        var y = leaf([1])
        for _ in 0..<100_000 { y = y + 1 }
        let graph = y.graph()
        #expect(graph.nodes.count == 100_001)
        let text = graph.text(limit: 3)
        #expect(text.hasSuffix("… 99998 more nodes"))
        #expect(graph.dot(limit: 2).contains("99999 more nodes"))
        #expect(graph.mermaid(limit: 2).contains("99999 more nodes"))
    }

    @Test("memory() counts shared storage once, and leaves apart")
    func memory() {
        let x = leaf([Double](repeating: 1, count: 100))
        let a = x.exp()  // keeps its output: 800 bytes
        let b = a.sin()  // keeps its input, the same memory
        let c = b * x  // keeps b, 800 bytes, and x, a leaf
        let memory = c.graph().memory(by: .operation)
        #expect(memory.total == 1600)
        #expect(memory.leaves == 800)
        #expect(memory.shared == 1)
        #expect(memory.entries.map(\.name) == ["exp", "mul", "sin"])
        #expect(memory.entries.map(\.bytes) == [800, 800, 0])
        #expect(
            memory.description.hasPrefix(
                "saved for backward, by operation: 1.6 kB; leaves 800 B, shared 1, packed 0"))
        #expect(memory.description.contains("800 B   50%     1  exp"))
    }

    @Test("After backward nothing is held")
    func freed() {
        let y = leaf([1, 2]).exp().sum()
        #expect(y.graph().memory().total == 16)
        y.backward()
        #expect(y.graph().memory().total == 0)
    }

    @Test("A checkpoint shows as packed, without bytes")
    func packed() {
        let y = checkpoint({ $0.exp().sin() }, leaf([1, 2]))
        let memory = y.graph().memory()
        #expect(memory.total == 0 && memory.packed == 2)
    }

    struct Block: Sendable {
        func callAsFunction(_ x: Tensor) -> Tensor { x.exp() }
    }

    @Test("By line and by module, where debugging was on")
    func linesAndModules() {
        let x = leaf([1, 2])
        let (y, line): (Tensor, Int) = detectAnomaly {
            let a = Block()(x)
            return (a.sin(), #line)
        }
        let graph = y.graph()
        #expect(graph.hasLines)
        // The optimiser may give an inlined closure's last call the line of the closure.
        #if DEBUG
            #expect(graph.nodes[0].line == at(line))
        #endif
        let place = graph.nodes[0].line ?? ""
        #expect(place == at(line) || place == at(line - 2))
        #expect(graph.memory(by: .line).entries.contains { $0.name == place })
        #expect(graph.memory(by: .module).entries.contains { $0.name.hasSuffix("Block") })
        #expect(graph.text().contains(place))
        let unknown = x.exp().graph().memory(by: .line).entries[0].name
        #expect(unknown.contains("detectAnomaly"))
    }

    @Test("By module, named leaves give the path without debugging")
    func modulesByName() {
        let (x, w) = (leaf([1, 2]), leaf([3, 4]))
        let y = (x.detach() * w).exp()
        let graph = y.graph(naming: [("encoder.fc1.weight", w)])
        #expect(graph.memory(by: .module).entries.contains { $0.name == "encoder.fc1" })
    }

    @Test("A guard warns of total += loss, and names the oldest operation's line")
    func growthGuard() {
        let warnings = Log<String>()
        let growth = GraphGrowthGuard(patience: 2) { warnings.add($0) }
        let w = leaf([1, 2])
        var line = 0
        detectAnomaly {
            var total = Tensor(0.0, dtype: .float64)
            for _ in 0..<10 {
                let loss = (w * w).sum()
                loss.backward()
                total = total + loss
                line = #line - 1
                growth.step(total)
            }
        }
        #expect(warnings.all.count >= 1)
        #expect(warnings.all.first?.contains("total += loss.item()") == true)
        #expect(
            warnings.all.first?.contains("GraphTests.swift:\(line - 2)") == true, "\(warnings.all)")
    }

    @Test("A guard is quiet where each step has a graph of its own")
    func healthyLoop() {
        let warnings = Log<String>()
        let growth = GraphGrowthGuard(patience: 2) { warnings.add($0) }
        let w = leaf([1, 2])
        let kept = w * 3
        for i in 0..<20 {
            var loss = kept.sum()
            for _ in 0..<(i % 5) { loss = loss + w.sum() }
            growth.step(loss)
        }
        #expect(warnings.all.isEmpty)
    }

    @Test("With debugging on, backward passes warn by themselves on the standard error stream")
    func automatic() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            let w = Tensor([1.0, 2.0], requiresGrad: true)
            detectAnomaly {
                let total = Tensor(0.0)
                for _ in 0..<20 {
                    let loss = (w * w).sum()
                    loss.backward()
                    total.add_(loss)
                }
            }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("a graph has grown at every step"), "\(text)")
    }
}
