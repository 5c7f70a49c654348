/// A short list of integers: the sizes or the strides of a tensor.
///
/// Goals, in order: no allocation up to four entries, the manners of an array, small code.
public struct Dims: RandomAccessCollection, MutableCollection, Hashable, Sendable {
    private var inline: (Int, Int, Int, Int)
    private var spill: [Int]?
    public private(set) var count: Int

    static let inlineCapacity = 4

    /// `count` entries, all `value`.
    public init(repeating value: Int, count: Int) {
        self.count = count
        inline = (value, value, value, value)
        spill = count > Self.inlineCapacity ? [Int](repeating: value, count: count) : nil
    }

    public init() { self.init(repeating: 0, count: 0) }

    public init(_ values: some Collection<Int>) {
        self.init(repeating: 0, count: values.count)
        var i = 0
        for value in values {
            self[i] = value
            i += 1
        }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(i: Int) -> Int {
        @inline(__always) get {
            if let spill { return spill[i] }
            assert(i >= 0 && i < count)
            return withUnsafeBytes(of: inline) {
                $0.load(fromByteOffset: i &* 8, as: Int.self)
            }
        }
        @inline(__always) set {
            if spill != nil {
                spill![i] = newValue
                return
            }
            assert(i >= 0 && i < count)
            withUnsafeMutableBytes(of: &inline) {
                $0.storeBytes(of: newValue, toByteOffset: i &* 8, as: Int.self)
            }
        }
    }

    public static func == (a: Dims, b: Dims) -> Bool {
        if a.count != b.count { return false }
        for i in 0..<a.count where a[i] != b[i] { return false }
        return true
    }

    public func hash(into hasher: inout Hasher) {
        for value in self { hasher.combine(value) }
    }

    public mutating func append(_ value: Int) { insert(value, at: count) }

    public mutating func insert(_ value: Int, at i: Int) {
        var values = array
        values.insert(value, at: i)
        self = Dims(values)
    }

    public mutating func remove(at i: Int) {
        var values = array
        values.remove(at: i)
        self = Dims(values)
    }

    /// The same integers as an array.
    public var array: [Int] { (0..<count).map { self[$0] } }

    /// The product of the entries, or nil where it does not fit an Int; 1 for none.
    var checkedProduct: Int? {
        var result = 1
        var overflow = false
        for i in 0..<count {
            if self[i] == 0 { return 0 }
            let (product, over) = result.multipliedReportingOverflow(by: self[i])
            result = product
            overflow = overflow || over
        }
        return overflow ? nil : result
    }

    /// The product of the entries; 1 for none.
    public var product: Int {
        var result = 1
        for i in 0..<count { result = result &* self[i] }
        return result
    }
}

extension Dims: ExpressibleByArrayLiteral, CustomStringConvertible {
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// As an array prints: `[2, 3]`.
    public var description: String { array.description }
}
