import Testing

@_spi(Messages) @testable import AdjointData

@Test(arguments: [
    ("lable", "label"), ("LABEL", "label"), ("heigth", "height"), ("labels", "label"),
])
func nearestNameIsFound(name: String, expected: String) {
    #expect(nearestName(to: name, among: ["width", "height", "label"]) == expected)
}

@Test(arguments: ["", "class", "xyz", "wh"])
func nothingIsNear(name: String) {
    #expect(nearestName(to: name, among: ["width", "height", "label"]) == nil)
}
