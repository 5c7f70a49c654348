/// A file of the studio's web pages, as the library carries it.
package struct WebAsset: Sendable {
    /// Its path below `web/`: "graph.js", "pages/home.js".
    package let name: String
    /// As HTTP names it, without the charset, which is UTF-8.
    package let mediaType: String
    package let text: String

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The file of this name; nil where there is none.
    package static func named(_ name: String) -> WebAsset? { byName[name] }
}
