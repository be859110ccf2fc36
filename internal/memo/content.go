package memo

// ContentData says what a message is about.
type ContentData struct {
	CPR                 *CPRData             `memo:"grd:CPRdata?"`
	CVR                 *CVRData             `memo:"grd:CVRdata?"`
	MotorVehicle        *MotorVehicle        `memo:"dmv:MotorVehicle?"`
	Property            *PropertyNumber      `memo:"grd:PropertyNumber?"`
	Case                *CaseID              `memo:"CaseID?"`
	KLE                 *KLEData             `memo:"kle:KLEdata?"`
	FORM                *FORMData            `memo:"form:FORMdata?"`
	ProductionUnit      *ProductionUnit      `memo:"grd:ProductionUnit?"`
	Education           *Education           `memo:"udd:Education?"`
	Address             *Address             `memo:"grd:Address?"`
	UnstructuredAddress *UnstructuredAddress `memo:"grd:UnstructuredAddress?"`
	Additional          []AdditionalContent  `memo:"AdditionalContentData?10"`
}

// CPRData is a person.
type CPRData struct {
	Number string `memo:"grd:cprNumber"`
	Name   string `memo:"grd:name?"`
}

// CVRData is a company.
type CVRData struct {
	Number  string `memo:"grd:cvrNumber"`
	Company string `memo:"grd:companyName?"`
}

// MotorVehicle is a vehicle.
type MotorVehicle struct {
	License LicenseNumber `memo:"dmv:licenseNumber"`
	Chassis string        `memo:"dmv:chassisNumber?"`
}

// PropertyNumber is a property.
type PropertyNumber struct {
	Number string `memo:"grd:propertyNumber"`
}

// CaseID is a case, and the system that it lies in.
type CaseID struct {
	ID     string `memo:"caseID"`
	System string `memo:"caseSystem"`
}

// KLEData is a subject of KLE, the municipalities' list.
type KLEData struct {
	Key     string `memo:"kle:subjectKey"`
	Version string `memo:"kle:version"`
	Facet   string `memo:"kle:activityFacet?"`
	Label   string `memo:"kle:label"`
}

// FORMData is a task of FORM, the state's list.
type FORMData struct {
	Key     string `memo:"form:taskKey"`
	Version string `memo:"form:version"`
	Facet   string `memo:"form:activityFacet?"`
	Label   string `memo:"form:label"`
}

// Education is an education.
type Education struct {
	Code string `memo:"udd:educationCode"`
	Name string `memo:"udd:educationName?"`
}

// Address is a structured address.
type Address struct {
	ID      string        `memo:"grd:id?"`
	Label   string        `memo:"grd:addressLabel?"`
	Number  string        `memo:"grd:houseNumber?"`
	Door    string        `memo:"grd:door?"`
	Floor   string        `memo:"grd:floor?"`
	CareOf  string        `memo:"grd:co?"`
	Zip     string        `memo:"grd:zipCode?"`
	City    string        `memo:"grd:city?"`
	Country string        `memo:"grd:country?"`
	Point   *AddressPoint `memo:"grd:AddressPoint?"`
}

// AddressPoint is where an address lies.
type AddressPoint struct {
	Easting  string `memo:"grd:geographicEastingMeasure?"`
	Northing string `memo:"grd:geographicNorthingMeasure?"`
	Height   string `memo:"grd:geographicHeightMeasure?"`
}

// UnstructuredAddress is an address in one text.
type UnstructuredAddress struct {
	Text string `memo:"grd:unstructured"`
}

// AdditionalContent is anything else.
type AdditionalContent struct {
	Type  string `memo:"contentDataType?"`
	Name  string `memo:"contentDataName"`
	Value string `memo:"contentDataValue"`
}

// ForwardData is where a message was forwarded from.
type ForwardData struct {
	UUID               UUID     `memo:"messageUUID"`
	At                 DateTime `memo:"originalMessageDateTime"`
	Sender             string   `memo:"originalSender"`
	ContentResponsible string   `memo:"originalContentResponsible?"`
	Representative     string   `memo:"originalRepresentative?" since:"1.2"`
	ContactPoint       string   `memo:"contactPointID?"`
	Comment            Comment  `memo:"comment?"`
}

// ReplyData is a message that this one replies to, the newest first.
type ReplyData struct {
	ID               string            `memo:"messageID?"`
	UUID             UUID              `memo:"messageUUID"`
	ReplyUUID        UUID              `memo:"replyUUID?"`
	Sender           string            `memo:"senderID?"`
	Recipient        string            `memo:"recipientID?"`
	Case             string            `memo:"caseID?"`
	ContactPoint     string            `memo:"contactPointID?"`
	GeneratingSystem string            `memo:"generatingSystemID?"`
	Comment          Comment           `memo:"comment?"`
	Additional       []AdditionalReply `memo:"AdditionalReplyData?4"`
}

// AdditionalReply is what the sender of a message wants to see again in a reply to it.
type AdditionalReply struct {
	Label string `memo:"label"`
	Value string `memo:"value"`
}
