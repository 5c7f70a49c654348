/// The one of `names` that `name` was probably meant to be: equal but for letter case, or at most
/// one edit in three letters away. Nil where nothing is that close. For messages.
@_spi(Messages) public func nearestName(to name: String, among names: [String]) -> String? {
    let wanted = Array(name.lowercased())
    guard !wanted.isEmpty else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in names.prefix(10_000) {
        let letters = Array(candidate.lowercased())
        guard abs(letters.count - wanted.count) <= 3 else { continue }
        let distance = editDistance(wanted, letters)
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, wanted.count / 3) else { return nil }
    return best.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`
/// (Damerau's distance, in its restricted form).
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty else { return b.count }
    guard !b.isEmpty else { return a.count }
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            let replace = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var cost = min(replace, previous[j] + 1, row[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                cost = min(cost, older[j - 2] + 1)
            }
            row.append(cost)
        }
        (older, previous) = (previous, row)
    }
    return previous[b.count]
}
