/// Step 3 of `Documentation/Layout.md`: the order within each layer.
extension LayoutBuild {
    static let rounds = 4

    /// Sweeps down and up; the order with the fewest crossings is kept, the earlier of equal ones.
    /// Returns the crossings that remain.
    mutating func orderLayers() -> Int {
        number()
        var best = layers
        var fewest = crossings()
        for _ in 0..<Self.rounds where fewest > 0 {
            for layer in layers.indices.dropFirst() { sort(layer, above) }
            for layer in layers.indices.dropLast().reversed() { sort(layer, below) }
            let found = crossings()
            if found < fewest { (fewest, best) = (found, layers) }
        }
        layers = best
        number()
        return fewest
    }

    private mutating func number() {
        for layer in layers {
            for (i, item) in layer.enumerated() { items[item].index = i }
        }
    }

    /// By the mean index of the neighbours on one side.
    private mutating func sort(_ layer: Int, _ neighbours: Neighbours) {
        var means = layers[layer].map { item -> (item: Int, sum: Int, count: Int) in
            let near = neighbours[item]
            return near.isEmpty
                ? (item, items[item].index, 1)
                : (item, near.reduce(0) { $0 + items[$1].index }, near.count)
        }
        means.sort { a, b in
            let (left, right) = (a.sum * b.count, b.sum * a.count)
            return left == right ? items[a.item].index < items[b.item].index : left < right
        }
        layers[layer] = means.map(\.item)
        for (i, mean) in means.enumerated() { items[mean.item].index = i }
    }

    /// Inversions of lower indices over segments sorted by the upper one, counted with a Fenwick
    /// tree (P. Fenwick, 1994).
    private func crossings() -> Int {
        var total = 0
        for (layer, next) in zip(layers, layers.dropFirst()) {
            var tree = [Int](repeating: 0, count: next.count + 1)
            var seen = 0
            for item in layer {
                let lower = below[item]
                for end in lower {
                    var k = items[end].index + 1
                    var before = 0
                    while k > 0 {
                        before += tree[k]
                        k -= k & -k
                    }
                    total += seen - before
                }
                for end in lower {
                    var k = items[end].index + 1
                    while k <= next.count {
                        tree[k] += 1
                        k += k & -k
                    }
                }
                seen += lower.count
            }
        }
        return total
    }
}
