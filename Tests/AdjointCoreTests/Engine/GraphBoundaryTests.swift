import Testing

@testable import AdjointCore

/// The border around a stretch of a computation, below what modules make of it.
@Suite struct GraphBoundaryTests {
    private func boundary(_ inputs: [Tensor], _ log: Log<[[Double]?]>) -> GraphBoundary {
        GraphBoundary(
            inputs, name: "Stretch", onOutputs: { _ in nil },
            onInputs: { inputs, outputs in
                log.add(inputs.map { values($0) } + outputs.map { values($0) })
                return nil
            })
    }

    @Test("saved inputs of the stretch lead through the border in second derivatives")
    func secondOrder() {
        let x = leaf([2])
        let log = Log<[[Double]?]>()
        let border = boundary([x], log)
        let y = border.close([x * x * x])[0]
        let first = grad(of: y, wrt: x, createGraph: true)
        #expect(values(first) == [12] && values(grad(of: first, wrt: x)) == [12])
        #expect(log.all.first == [[12], [1]])
    }

    @Test("two passes through one border at once keep their gradients apart")
    func twoPasses() async {
        let x = leaf([2])
        let log = Log<[[Double]?]>()
        let border = boundary([x], log)
        let y = border.close([x * 3])[0]
        await withTaskGroup(of: Void.self) { group in
            for i in 1...8 {
                group.addTask {
                    for _ in 0..<20 {
                        _ = grad(
                            of: y, wrt: x, gradient: numbers([Double(i)]), retainGraph: true)
                    }
                }
            }
        }
        #expect(log.all.count == 160)
        #expect(log.all.allSatisfy { $0[0]![0] == 3 * $0[1]![0] })
    }

    @Test("a border inside vmap sees the gradients of a sample")
    func insideVmap() {
        let log = Log<[Int]>()
        let gradients = vmap { (x: Tensor) in
            grad { (v: Tensor) in
                let border = GraphBoundary(
                    [v], name: "Stretch", onOutputs: { _ in nil },
                    onInputs: { inputs, _ in
                        log.add(inputs[0]!.shape)
                        return [inputs[0]! * 10]
                    })
                return border.close([(v * v).sum()])[0]
            }(x)
        }(numbers([1, 2, 3, 4], [2, 2]))
        #expect(values(gradients) == [20, 40, 60, 80] && log.all == [[2]])
    }

    @Test("a view of a leaf, and a stretch inside a stretch, are seen through")
    func nested() {
        let x = leaf([1, 2])
        let log = Log<[[Double]?]>()
        let part = x[1]
        let outer = boundary([part], log)
        let inner = boundary([part], log)
        let middle = inner.close([part * 3])[0]
        let y = outer.close([middle * 5 + part])[0]
        y.backward()
        #expect(values(x.grad) == [0, 16])
        #expect(log.all == [[[15], [5]], [[16], [1]]])
    }

    @Test("under detectAnomaly a stretch is passed as without it")
    func anomaly() {
        let x = leaf([2])
        let log = Log<[[Double]?]>()
        detectAnomaly {
            let border = boundary([x], log)
            border.close([x * 3])[0].backward()
        }
        #expect(values(x.grad) == [3] && log.all == [[[3], [1]]])
    }
}
