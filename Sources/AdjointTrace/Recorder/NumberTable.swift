/// Values by numbers that are given out one after the other, as those of tensors and nodes are.
///
/// A dictionary of all that a long recording met would be hashed into, and copied as it grows; here
/// a number leads to a place on a page. Numbers far from the others have a dictionary after all.
struct NumberTable<Key: FixedWidthInteger, Value> {
    private static var pageSize: Int { 256 }
    /// How many pages may be left empty for the next number.
    private static var farthest: Int { 1024 }

    private var pages: [[Value?]] = []
    /// The number of the first page.
    private var first = 0
    private var others: [Key: Value] = [:]

    subscript(key: Key) -> Value? {
        get {
            let page = NumberTable.page(key) - first
            if page >= 0, page < pages.count, !pages[page].isEmpty,
                let value = pages[page][NumberTable.place(key)]
            {
                return value
            }
            // Pages may have grown past a number that was far from them once.
            return others.isEmpty ? nil : others[key]
        }
        _modify {
            let page = reach(key)
            if let page {
                yield &pages[page][NumberTable.place(key)]
            } else {
                yield &others[key]
            }
        }
        set {
            if let page = reach(key) {
                pages[page][NumberTable.place(key)] = newValue
            } else {
                others[key] = newValue
            }
        }
    }

    private static func page(_ key: Key) -> Int { Int(truncatingIfNeeded: key) / pageSize }
    private static func place(_ key: Key) -> Int { Int(truncatingIfNeeded: key) % pageSize }

    /// The page of `key`, made now if it was not there; nil for a number far from the others.
    private mutating func reach(_ key: Key) -> Int? {
        if pages.isEmpty, others.isEmpty { first = NumberTable.page(key) }
        let page = NumberTable.page(key) - first
        if page < 0 || page >= pages.count + NumberTable.farthest { return nil }
        // A number that was far once stays where it is.
        if !others.isEmpty, others[key] != nil { return nil }
        while pages.count <= page { pages.append([]) }
        if pages[page].isEmpty {
            pages[page] = [Value?](repeating: nil, count: NumberTable.pageSize)
        }
        return page
    }
}
