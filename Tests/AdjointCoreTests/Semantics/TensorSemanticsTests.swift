import Testing

@testable import AdjointCore

/// What a tensor says of its history, and what an operation records.
@Suite struct TensorSemanticsTests {
    @Test(
        "a result requires gradients if recording is on, an operand does, and it has a derivative")
    func propagation() {
        let x = leaf([1.5, -2])
        #expect((x * 2).requiresGrad && !(numbers([1]) * 2).requiresGrad)
        #expect(!noGrad { x * 2 }.requiresGrad)
        for flat in [x.floor(), x.ceil(), x.round(), x.trunc(), x.sign()] {
            #expect(flat.requiresGrad)
            #expect(values(grad(of: flat.sum(), wrt: x)) == [0, 0])
        }
        for cut in [x .> 0, x.argmax(), x.to(.int64), x.to(.bool), x.isnan(), x.sort().indices] {
            #expect(!cut.requiresGrad && cut.isLeaf)
        }
    }

    @Test("what a draw or a copy overwrites, and the probabilities of a draw, get the gradient 0")
    func draws() {
        let p = leaf([0.25, 0.75])
        let draw = withGenerator(seed: 1) { p.bernoulli() }
        #expect(draw.requiresGrad && values(draw)!.allSatisfy { $0 == 0 || $0 == 1 })
        draw.sum().backward()
        #expect(values(p.grad) == [0, 0])
        for write: (Tensor) -> Tensor in [
            { $0.uniform_() }, { $0.normal_() }, { $0.fill_(3) }, { $0.zero_() },
            { $0.copy_(numbers([1, 2])) },
        ] {
            let x = leaf([1, 2])
            (write(x * 2) * numbers([3, 4])).sum().backward()
            #expect(values(x.grad) == [0, 0])
        }
    }

    @Test("every tensor without a recorded operation is a leaf, also one that wants no gradient")
    func leaves() {
        let x = leaf([1])
        for leaf in [x, x.detach(), numbers([1]) * 2, x.to(.float64), noGrad { x * 2 }] {
            #expect(leaf.isLeaf && leaf.gradFn == nil)
        }
        #expect(!x.clone().isLeaf && !x.to(.float32).isLeaf && !x.view(1).isLeaf)
    }

    @Test("the results of one operation share its node and are numbered")
    func outputNumbers() {
        let sorted = leaf([3, 1, 2]).sort()
        #expect(sorted.values.outputNr == 0 && sorted.values.gradFn?.name == "SortBackward")
        #expect(leaf([1]).outputNr == 0)
    }

    @Test("the node of a view is made anew when its base was written")
    func viewNodes() {
        let base = leaf([1, 2]).clone()
        let view = base[0]
        let old = view.gradFn
        #expect(view.gradFn === old)
        base.mul_(2)
        #expect(view.gradFn !== old && view.gradFn?.nextFunctions[0].node === base.gradFn)
    }

    @Test("a gradient that a computed tensor was not told to keep is nil")
    func computedKeepNone() {
        let x = leaf([2])
        let (plain, told) = (x * 2, x * 3)
        told.retainGrad()
        (plain * told).backward()
        #expect(plain.grad == nil && values(told.grad) == [4] && values(x.grad) == [24])
    }

    @Test("detach drops history and tangents, and shares memory and version")
    func detached() {
        let x = leaf([2])
        let y = (x * 3)
        let cut = y.detach()
        #expect(cut.isLeaf && !cut.requiresGrad && cut.storage === y.storage)
        cut.add_(1)
        #expect(values(y) == [7] && y.version == 1 && cut.version == 1)
        let tangent = forwardMode { level in
            level.unpackDual(level.makeDual(numbers([1]), tangent: numbers([5])).detach()).tangent
        }
        #expect(tangent == nil)
    }

    @Test("numbers leave as copies; memory of a tensor with a history is read through detach")
    func export() {
        let x = leaf([1, 2])
        expectError(.autograd, "detach()") { x.withUnsafeBuffer(of: Double.self) { _ in } }
        var copy = x.array(as: Double.self)
        copy[0] = 100
        #expect(values(x) == [1, 2])
    }

    @Test("versions count writes, together for a base, its views and its detached twins")
    func versions() {
        let x = numbers([1, 2, 3])
        let (view, twin) = (x[1...], x.detach())
        x.add_(1)
        view.mul_(2)
        twin.zero_()
        #expect([x.version, view.version, twin.version] == [3, 3, 3])
        #expect(x.clone().version == 0)
    }

    @Test("the graph is what ran: branches, loops and recursion of the language")
    func definedByRunning() {
        func power(_ x: Tensor, _ n: Int) -> Tensor { n == 0 ? x * 0 + 1 : x * power(x, n - 1) }
        #expect(gradient([3]) { power($0, 3) } == [27])
        for (point, want) in [(2.0, 3.0), (-2.0, -4.0)] {
            let found = gradient([point]) { x in
                x.item(as: Double.self) > 0 ? x * 3 : x * x
            }
            #expect(found == [want])
        }
        #expect(
            gradient([1]) { x in
                var y = x
                while y.item(as: Double.self) < 100 { y = y * 2 }
                return y
            } == [128])
    }

    @Test("a node has an edge for each tensor that wants a gradient, none for constants")
    func edges() {
        let (x, constant) = (leaf([1]), numbers([2]))
        let next = (x.exp() * constant).gradFn!.nextFunctions
        #expect(next.count == 2 && next[0].node?.name == "ExpBackward" && next[1].node == nil)
        let ofNumber = (x * 3).gradFn!.nextFunctions
        #expect(ofNumber[0].node?.name == "AccumulateGrad")
        #expect(ofNumber.dropFirst().allSatisfy { $0.node == nil })
    }

    @Test("a leaf has one sink, which every graph shares and no graph needs for the leaf to die")
    func sinks() {
        weak var freed: Tensor?
        let y: Tensor
        do {
            let x = leaf([1])
            y = x * x
            let sinks = y.gradFn!.nextFunctions + (x + 1).gradFn!.nextFunctions
            let first = sinks[0].node!
            #expect(first.name == "AccumulateGrad")
            #expect(sinks.compactMap(\.node).allSatisfy { $0 === first })
            freed = x
        }
        #expect(freed == nil)
        y.backward()
    }

    @Test("an operation keeps what its derivative reads: of a product, the other factor alone")
    func savedFactors() {
        let (x, c) = (leaf([2]), numbers([5]))
        let y = x * c
        noGrad { _ = x.zero_() }
        #expect(values(grad(of: y, wrt: x)) == [5])
        let z = x * c
        c.zero_()
        expectError(.inPlace, "modified by an inplace operation") { z.backward() }
        let moved = leaf([1, 2, 3]) * 1
        let shapes: [Tensor] = [moved.sum(), moved.view(3, 1), moved.flip(0), moved + 1]
        moved.detach().zero_()
        backward(shapes.map { $0.sum() })
    }

    @Test("a node knows shape and dtype of its results, and holds gradients to them")
    func metadata() {
        let x = leaf([1, 2, 3], dtype: .float32)
        let node = (x * 2).gradFn!
        #expect(node.outputSpec(0) == TensorSpec([3], .float32))
        let y = x.to(.float64) * 2
        #expect(y.gradFn!.outputSpec(0).dtype == .float64)
        #expect(grad(of: y.sum(), wrt: x).dtype == .float32)
    }

    @Test("tensors of two devices do not meet, and the error names both")
    func devices() {
        let (here, there) = (leaf([1, 2]), numbers([1, 2]).to(.meta))
        expectError(.device, "same device", "cpu", "meta") { _ = here + there }
        #expect((there * 2).device == .meta && (there * there).shape == [2])
        #expect(here.to(.cpu) === here)
    }
}
