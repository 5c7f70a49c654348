/// Examples that come one after another, without numbers: a log that is read, a game that is
/// played. Each iterator begins anew; it may never end.
///
/// What it draws at random comes from the current generator. An `IterableLoader` makes batches.
public protocol IterableDataset<Element>: Sequence, Sendable {}

/// Examples that a closure begins to make.
public struct StreamDataset<Element>: IterableDataset {
    private let begin: @Sendable () -> AnyIterator<Element>

    /// - Parameter begin: Gives the iterator of one pass.
    public init(_ begin: @escaping @Sendable () -> AnyIterator<Element>) { self.begin = begin }

    public func makeIterator() -> AnyIterator<Element> { begin() }
}

extension IterableDataset {
    /// The examples, each changed by `transform` as it comes.
    public func map<R>(_ transform: @escaping @Sendable (Element) -> R) -> StreamDataset<R> {
        StreamDataset {
            var source = self.makeIterator()
            return AnyIterator { source.next().map(transform) }
        }
    }

    /// The examples that `isIncluded` accepts, as they come.
    public func filter(
        _ isIncluded: @escaping @Sendable (Element) -> Bool
    ) -> StreamDataset<Element> {
        StreamDataset {
            var source = self.makeIterator()
            return AnyIterator {
                while let element = source.next() {
                    if isIncluded(element) { return element }
                }
                return nil
            }
        }
    }

    /// The examples of this stream, then those of `other`.
    public func concat(_ other: Self) -> StreamDataset<Element> {
        StreamDataset {
            var (source, isFirst) = (self.makeIterator(), true)
            return AnyIterator {
                if let element = source.next() { return element }
                guard isFirst else { return nil }
                (source, isFirst) = (other.makeIterator(), false)
                return source.next()
            }
        }
    }

    /// The examples with their positions.
    public func enumerated() -> StreamDataset<(index: Int, example: Element)> {
        StreamDataset {
            var (source, position) = (self.makeIterator(), 0)
            return AnyIterator {
                guard let element = source.next() else { return nil }
                defer { position += 1 }
                return (position, element)
            }
        }
    }

    /// The examples in an order that the current generator draws, as far as a buffer of so many
    /// reaches: each comes from a place of the buffer, which the next of the stream then takes.
    public func shuffled(buffer size: Int) -> StreamDataset<Element> {
        StreamDataset {
            var (source, buffer) = (self.makeIterator(), [Element]())
            return AnyIterator {
                while buffer.count < Swift.max(size, 1), let element = source.next() {
                    buffer.append(element)
                }
                guard !buffer.isEmpty else { return nil }
                buffer.swapAt(randomIndex(below: buffer.count), buffer.count - 1)
                return buffer.removeLast()
            }
        }
    }
}
