/// Step 4 of `Documentation/Layout.md`: coordinates.
extension LayoutBuild {
    private static let throughWeight = 8

    /// Across the layers: the closest placement, in least squares, to the middle of neighbours that
    /// keeps order and gaps.
    mutating func placeAcross() {
        for layer in layers {
            let start = layer.first.map { items[$0].width / 2 } ?? 0
            for (i, item) in layer.enumerated() {
                if i > 0 {
                    let left = layer[i - 1]
                    items[item].offset = items[left].offset + separation(left, item)
                }
                items[item].center = items[item].offset + start
            }
        }
        for _ in 0..<Self.rounds {
            var isMoved = false
            for layer in layers.indices.dropFirst() {
                isMoved = settle(layer, above, nil) || isMoved
            }
            for layer in layers.indices.dropLast().reversed() {
                isMoved = settle(layer, below, nil) || isMoved
            }
            if !isMoved { break }
        }
        for layer in layers.indices { _ = settle(layer, above, below) }
        let left = items.reduce(Int.max) { min($0, $1.center - $1.width / 2) }
        for i in items.indices { items[i].center -= left }
    }

    private func separation(_ a: Int, _ b: Int) -> Int {
        let areLines = items[a].kind == .line && items[b].kind == .line
        return items[a].width / 2 + items[b].width / 2
            + (areLines ? options.lineGap : options.nodeGap)
    }

    /// Where an item would like to stand: in the middle of those neighbours that lines go through,
    /// so that chains are straight.
    private func wish(_ item: Int, _ first: Neighbours, _ second: Neighbours?) -> Int {
        var (sum, count, allSum, all) = (0, 0, 0, 0)
        func add(_ near: Int) {
            let neighbour = items[near]
            (allSum, all) = (allSum + neighbour.center, all + 1)
            if neighbour.isThrough { (sum, count) = (sum + neighbour.center, count + 1) }
        }
        for near in first[item] { add(near) }
        if let second { for near in second[item] { add(near) } }
        if count > 0 { return Self.floorDivided(sum, count) }
        return all > 0 ? Self.floorDivided(allSum, all) : items[item].center
    }

    /// One pass over a layer: neighbouring blocks whose wishes collide become one (pool adjacent
    /// violators). Returns true where that moved anything.
    private mutating func settle(
        _ layer: Int, _ first: Neighbours, _ second: Neighbours?
    ) -> Bool {
        var blocks: [(sum: Int, weight: Int, count: Int)] = []
        for item in layers[layer] {
            let weight = items[item].isThrough ? Self.throughWeight : 1
            let shift = wish(item, first, second) - items[item].offset
            var block = (sum: weight * shift, weight: weight, count: 1)
            while let left = blocks.last, left.sum * block.weight > block.sum * left.weight {
                blocks.removeLast()
                block = (left.sum + block.sum, left.weight + block.weight, left.count + block.count)
            }
            blocks.append(block)
        }
        var i = 0
        var isMoved = false
        for block in blocks {
            let z = Self.floorDivided(block.sum, block.weight)
            for item in layers[layer][i..<i + block.count] {
                isMoved = isMoved || items[item].center != z + items[item].offset
                items[item].center = z + items[item].offset
            }
            i += block.count
        }
        return isMoved
    }

    /// Towards −∞, unlike `/`.
    private static func floorDivided(_ a: Int, _ b: Int) -> Int {
        let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
        return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient
    }

    /// Along the layers: each is as thick as its tallest item, which stand in its middle.
    mutating func placeAlong() {
        var top = 0
        for layer in layers {
            let thickness = layer.reduce(0) { max($0, items[$1].height) }
            for item in layer { items[item].y = top + thickness / 2 - items[item].height / 2 }
            bands.append((top, top + thickness))
            top += thickness + options.layerGap
        }
    }

    /// Where segments meet their items: spread over its width, in the order of their other ends.
    mutating func findPorts() {
        let leaving = Neighbours(items.count, segments.indices.map { (segments[$0].above, $0) })
        let entering = Neighbours(items.count, segments.indices.map { (segments[$0].below, $0) })
        for item in items.indices {
            let out = leaving[item].sorted {
                (items[segments[$0].below].center, $0) < (items[segments[$1].below].center, $1)
            }
            for (j, segment) in out.enumerated() {
                segments[segment].start = port(items[item], j, out.count)
            }
            let into = entering[item].sorted {
                (items[segments[$0].above].center, $0) < (items[segments[$1].above].center, $1)
            }
            for (j, segment) in into.enumerated() {
                segments[segment].end = port(items[item], j, into.count)
            }
        }
    }

    private func port(_ item: Item, _ j: Int, _ k: Int) -> Int {
        if item.kind == .line { return item.center }
        return item.center - item.width / 2 + item.width * (j + 1) / (k + 1)
    }
}
