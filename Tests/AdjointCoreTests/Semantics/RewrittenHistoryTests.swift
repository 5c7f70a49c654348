import Testing

@testable import AdjointCore

/// Histories that writes have rewritten, in the combinations that go wrong most easily. Each
/// gradient is compared with that of the same numbers computed without a write.
@Suite struct RewrittenHistoryTests {
    @Test("a tensor that is multiplied by itself in place has the gradient of its square")
    func bySelf() {
        #expect(
            gradient([3, -2]) { x in
                let y = x * 1
                y.mul_(y)
                return y
            } == [6, -4])
        #expect(
            gradient([3, -2]) { x in
                let y = x * 1
                y.add_(y).sub_(y * 0.5)
                return y * y
            } == [6, -4])
        #expect(
            gradient([2, 5]) { x in
                let y = x * 1
                y.copy_(y)
                return y * y
            } == [4, 10])
    }

    @Test("views of views write through to the base, in any order")
    func viewsOfViews() {
        let x = leaf([1, 2, 3, 4], [2, 2])
        let base = x.clone()
        let row = base[0]
        let cell = row[1..<2]
        cell.mul_(5)
        row.mul_(3)
        base.mul_(2)
        cell.mul_(7)
        #expect(values(base) == [6, 420, 6, 8] && values(cell) == [420])
        row.sum().backward(retainGraph: true)
        #expect(values(x.grad) == [6, 210, 0, 0])
        x.grad = nil
        base.sum().backward()
        #expect(values(x.grad) == [6, 210, 2, 2])
    }

    @Test("a view that was saved notices a write to its base, and to a sibling")
    func savedViews() {
        let x = leaf([1, 2])
        for write: (Tensor) -> Void in [{ $0.add_(1) }, { $0[0..<1].add_(1) }] {
            let base = x.clone()
            let part = base[0..<1]
            let square = part * part
            write(base)
            expectError(.inPlace, "modified by an inplace operation") { square.sum().backward() }
        }
    }

    @Test("values under a mask or at positions are replaced, and so is their gradient")
    func masked() {
        let (x, w) = (leaf([1, 2, 3]), leaf([10, 20]))
        let y = x * 2
        y[y .> 3] = w
        #expect(values(y) == [2, 10, 20])
        (y * numbers([1, 10, 100])).sum().backward()
        #expect(values(x.grad) == [2, 0, 0] && values(w.grad) == [10, 100])
        let (a, b) = (leaf([1, 2, 3]), leaf([5], []))
        let z = a * 2
        z[Tensor([2, 0])] = b
        (z * numbers([1, 10, 100])).sum().backward()
        #expect(values(a.grad) == [0, 20, 0] && values(b.grad) == [101])
    }

    @Test("the gradient at a tensor that was written is that of its new value")
    func gradientAtAWrittenTensor() {
        let x = leaf([2])
        let y = x * 3
        y.mul_(5)
        #expect(values(grad(of: y * y, wrt: y)) == [60])
        let z = x * 3
        z.mul_(5)
        (z * z).backward(inputs: [z])
        #expect(values(z.grad) == [60] && x.grad == nil)
    }

    @Test("second derivatives pass through writes, through views and through copies")
    func secondOrder() {
        let x = leaf([2, 3])
        let base = (x * x).view(2, 1)
        base[0].mul_(x[1])
        base.t()[0, 1].copy_(x[0] ** 3)
        // x₀² x₁ + x₀³
        let first = grad(of: base.sum(), wrt: x, createGraph: true)
        #expect(values(first) == [24, 4])
        #expect(values(grad(of: first[0], wrt: x, retainGraph: true)) == [18, 4])
        #expect(values(grad(of: first[1], wrt: x)) == [4, 0])
    }

    @Test("a write under noGrad changes numbers and no history")
    func unrecorded() {
        let (x, w) = (leaf([1, 2]), leaf([9, 9]))
        let y = x * 3
        noGrad { _ = y.copy_(w) }
        #expect(values(y) == [9, 9] && y.gradFn?.name == "MulBackward")
        y.sum().backward()
        #expect(values(x.grad) == [3, 3] && w.grad == nil)
    }

    @Test("hooks on a view stay with its old value when it is written")
    func hooksOnViews() {
        let x = leaf([1, 2])
        let base = x * 1
        let view = base[0..<1]
        let log = Log<String>()
        view.registerHook {
            log.add("view \(values($0)!)")
            return nil
        }
        base.registerHook {
            log.add("base \(values($0)!)")
            return nil
        }
        view.mul_(4)
        base.sum().backward()
        #expect(values(x.grad) == [4, 1])
        #expect(log.all.contains("base [4.0, 1.0]") && !log.all.contains("view [1.0]"))
    }

    @Test("zeros for what was not used take part in no further derivative")
    func zerosOfTheUnused() {
        let (x, unused) = (leaf([2]), leaf([3]))
        let found = grads(of: [x * x], wrt: [x, unused], createGraph: true, unused: .zeros)
        #expect(found[0]!.requiresGrad && !found[1]!.requiresGrad)
        #expect(values(found[1]) == [0])
    }

    @Test("a leaf under a constant base is a leaf: its writes are refused, the base's are not")
    func leafViews() {
        let base = numbers([1, 2, 3])
        let view = base[1...]
        view.requiresGrad_()
        #expect(view.isLeaf)
        expectError(.inPlace, "leaf") { view.add_(1) }
        (view * 2).sum().backward()
        #expect(values(view.grad) == [2, 2])
    }
}
