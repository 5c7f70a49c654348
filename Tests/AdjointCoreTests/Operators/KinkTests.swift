import Testing

@testable import AdjointCore

/// What the table of kinks does not show: second derivatives, and NaN among the elements.
@Suite struct KinkTests {
    @Test("the second derivative of a product with two zeros is that of its other factors")
    func productsAreNeverDivided() {
        let x = leaf([0, 0, 3])
        let first = grad(of: x.prod(), wrt: x, createGraph: true)
        #expect(values(first) == [0, 0, 0])
        #expect(values(grad(of: first[0], wrt: x)) == [0, 3, 0])
        let y = leaf([0, 0, 3])
        #expect(values(grad(of: y.prod(dim: 0), wrt: y)) == [0, 0, 0])
    }

    @Test("the first of several smallest elements is picked along a dimension, all of them overall")
    func smallest() {
        #expect(gradient([1, 3, 1, 2]) { $0.amin() } == [0.5, 0, 0.5, 0])
        #expect(gradient([1, 3, 1, 2]) { $0.min() } == [0.5, 0, 0.5, 0])
        #expect(gradient([1, 3, 1, 2]) { $0.min(dim: 0).values } == [1, 0, 0, 0])
    }

    @Test("NaN is the extreme, the median and the largest in order")
    func nanIsTheExtremeAndTheLargest() {
        let x = numbers([1, .nan, 3])
        #expect((x.max().item() as Double).isNaN && (x.min(dim: 0).values.item() as Double).isNaN)
        #expect(x.argmax().item() == 1)
        #expect(x.sort().indices.array(as: Int.self) == [0, 2, 1])
        #expect((x.median().item() as Double).isNaN)
    }
}
