import Testing

@testable import AdjointCore

/// Memory of temporaries that die is taken over by results. It must never show.
@Suite struct ReuseTests {
    private let shape = [40, 50]

    private func sample(_ seed: Int) -> Tensor {
        let order = Generator(seed: seed).permutation(2000)
        return numbers(order.map { Double($0) / 1000 - 1 }, shape)
    }

    /// The same expression element by element, in plain Swift.
    private func expect(
        _ tensor: Tensor, at location: SourceLocation = #_sourceLocation,
        _ element: (Double, Double) -> Double
    ) {
        let (a, b) = (values(sample(1))!, values(sample(2))!)
        let expected = zip(a, b).map(element)
        #expect(values(tensor) == expected, sourceLocation: location)
    }

    @Test func chainsOfTemporaries() {
        let (a, b) = (sample(1), sample(2))
        expect((a + b) * 2 - 1) { ($0 + $1) * 2 - 1 }
        expect((a + b) * (a - b)) { ($0 + $1) * ($0 - $1) }
        expect(((a + b) + (a + b)) * a) { (($0 + $1) + ($0 + $1)) * $0 }
        expect(a, { a, _ in a })
        expect(b, { _, b in b })
    }

    @Test func operandsThatAreStillHeldKeepTheirNumbers() {
        let (a, b) = (sample(1), sample(2))
        let t = a + b
        let u = t * 2
        let v = t.t()
        let w = t.detach()
        _ = (t + 1) * 3
        expect(t) { $0 + $1 }
        expect(u) { ($0 + $1) * 2 }
        expect(v.t()) { $0 + $1 }
        expect(w) { $0 + $1 }
    }

    @Test func aViewKeepsTheMemoryOfADeadTemporary() {
        let (a, b) = (sample(1), sample(2))
        let view = (a + b).t()
        _ = ((a + b) + 1) * 5
        expect(view.t()) { $0 + $1 }
        let row = ((a + b) * 2)[0]
        let copy = row.clone()
        _ = row + 100
        #expect(values(row) == values(copy))
    }

    @Test func anArrayOfTensorsKeepsItsElements() {
        let a = sample(1)
        let held = [a + 0, a + 1]
        let sum = held[0] + held[1]
        #expect(values(held[0]) == values(a))
        #expect(values(sum) == values(a)!.map { ($0 + 0) + ($0 + 1) })
    }

    @Test func whatANodeSavedIsNotTakenOver() {
        let (x, w) = (sample(1).requiresGrad_(), sample(2))
        let y = ((x * w).exp() * (x + w)).sum()
        let found = grad(of: y, wrt: x)
        let (a, b) = (values(sample(1))!, values(w)!)
        let scaled = zip(a, b).map { a, b -> Double in
            let e = Double.exp(a * b)
            return e * b * (a + b) + e
        }
        let worst = zip(values(found)!, scaled).map { abs($0 - $1) }.max()!
        #expect(worst < 1e-12)
    }

    @Test func gradientsThatAHookKeepsAreNotTakenOver() {
        let x = sample(1).requiresGrad_()
        let kept = Log<Tensor>()
        let y = x * 2
        y.registerHook {
            kept.add($0)
            return nil
        }
        ((y * 3) + (y * 4)).sum().backward()
        #expect(values(kept.all[0])!.allSatisfy { $0 == 7 })
        #expect(values(x.grad)!.allSatisfy { $0 == 14 })
        x.grad!.zero_()
        #expect(values(kept.all[0])!.allSatisfy { $0 == 7 })
    }

    @Test func loopsAccumulateInOnePlace() {
        var sum = Tensor.zeros(shape, dtype: .float64)
        let before = sum
        for _ in 0..<10 { sum = sum + sample(1) }
        #expect(values(before)!.allSatisfy { $0 == 0 })
        expect(sum) { a, _ in (0..<10).reduce(0.0) { s, _ in s + a } }
    }
}
