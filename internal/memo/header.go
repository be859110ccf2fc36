package memo

// Header is MessageHeader. An element's tag is its name in the schema, with the prefix of its namespace where that is
// not memo; ? may be missing, * may be missing or come often, + comes once or more, a number is how often at most.
type Header struct {
	Type                   MessageType  `memo:"messageType"`
	UUID                   UUID         `memo:"messageUUID"`
	ID                     string       `memo:"messageID?"` // the sender's own
	Code                   string       `memo:"messageCode?"`
	Label                  string       `memo:"label"` // what the recipient sees as subject
	Notification           Notification `memo:"notification?"`
	AdditionalNotification string       `memo:"additionalNotification?"`
	Reply                  Flag         `memo:"reply?"`
	ReplyBy                DateTime     `memo:"replyByDateTime?"`
	NotBefore              Date         `memo:"doNotDeliverUntilDate?"`
	Mandatory              Flag         `memo:"mandatory" since:"?1.2"`
	LegalNotification      Flag         `memo:"legalNotification" since:"?1.2"`
	PostType               string       `memo:"postType?"`
	Sender                 Sender       `memo:"Sender"`
	Recipient              Recipient    `memo:"Recipient"`
	Content                *ContentData `memo:"ContentData?"`
	Forward                *ForwardData `memo:"ForwardData?"`
	Replies                []ReplyData  `memo:"ReplyData*"`
}

// Sender is who sends.
type Sender struct {
	ID             string          `memo:"senderID"`
	Type           string          `memo:"idType"` // CPR or CVR
	TypeLabel      string          `memo:"idTypeLabel?"`
	Label          string          `memo:"label"`
	Attention      *AttentionData  `memo:"AttentionData?"`
	ContactPoint   *ContactPoint   `memo:"ContactPoint?"`
	Representative *Representative `memo:"Representative?" since:"1.2"`
}

// Recipient is who receives.
type Recipient struct {
	ID           string         `memo:"recipientID"`
	Type         string         `memo:"idType"`
	TypeLabel    string         `memo:"idTypeLabel?"`
	Label        string         `memo:"label?"`
	Attention    *AttentionData `memo:"AttentionData?"`
	ContactPoint *ContactPoint  `memo:"ContactPoint?"`
}

// Representative is whoever sends for the sender, since MeMo 1.2.
type Representative struct {
	ID        string `memo:"representativeID?"`
	Type      string `memo:"idType?"`
	TypeLabel string `memo:"idTypeLabel?"`
	Label     string `memo:"label?"`
}

// ContactPoint is an entrance of an organization in Digital Post.
type ContactPoint struct {
	Group string        `memo:"contactGroup?"`
	ID    string        `memo:"contactPointID"`
	Label string        `memo:"label?"`
	Info  []ContactInfo `memo:"ContactInfo?2"`
}

// ContactInfo is what a contact point asks for.
type ContactInfo struct {
	Label string `memo:"label"`
	Value string `memo:"value"`
}

// AttentionData says who at the sender or recipient a message is about. An unstructured address stands alone.
type AttentionData struct {
	Person              *AttentionPerson      `memo:"AttentionPerson?"`
	ProductionUnit      *ProductionUnit       `memo:"grd:ProductionUnit?"`
	GLN                 *GlobalLocationNumber `memo:"gln:GlobalLocationNumber?"`
	EMail               *EMail                `memo:"EMail?"`
	SE                  *SENumber             `memo:"grd:SEnumber?"`
	Telephone           *Telephone            `memo:"Telephone?"`
	EID                 *EID                  `memo:"grd:EID?"`
	ContentResponsible  *ContentResponsible   `memo:"ContentResponsible?"`
	GeneratingSystem    *GeneratingSystem     `memo:"GeneratingSystem?"`
	SOR                 *SORData              `memo:"sor:SORdata?"`
	Address             *Address              `memo:"grd:Address?"`
	UnstructuredAddress *UnstructuredAddress  `memo:"grd:UnstructuredAddress?"`
}

// AttentionPerson is a person.
type AttentionPerson struct {
	ID    string `memo:"personID?"`
	Label string `memo:"label?"`
}

// ProductionUnit is a company's unit, by its P-number.
type ProductionUnit struct {
	Number PNumber `memo:"grd:productionUnitNumber"`
	Name   string  `memo:"grd:productionUnitName?"`
}

// GlobalLocationNumber is an EAN number.
type GlobalLocationNumber struct {
	Number   GLN    `memo:"gln:globalLocationNumber"`
	Location string `memo:"gln:location?"`
}

// EMail is a mail address.
type EMail struct {
	Address string `memo:"emailAddress"`
	Agent   string `memo:"relatedAgent?"`
}

// Telephone is a telephone number.
type Telephone struct {
	Number string `memo:"telephoneNumber"`
	Agent  string `memo:"relatedAgent?"`
}

// SENumber is the number of a company's part that is registered for taxes.
type SENumber struct {
	Number  string `memo:"grd:seNumber"`
	Company string `memo:"grd:companyName?"`
}

// EID is who somebody is by a certificate.
type EID struct {
	ID    string `memo:"grd:eID"`
	Label string `memo:"grd:label?"`
}

// ContentResponsible is who answers for the content.
type ContentResponsible struct {
	ID    string `memo:"contentResponsibleID?"`
	Label string `memo:"label?"`
}

// GeneratingSystem is what made the message.
type GeneratingSystem struct {
	ID    string `memo:"generatingSystemID"`
	Label string `memo:"label?"`
}

// SORData is a unit of the health service.
type SORData struct {
	ID   string `memo:"sor:sorIdentifier"`
	Name string `memo:"sor:entryName?"`
}
